// The globe in time: glides from one training to the next, turns, sways gently, and draws a frame when something has changed.
import type { Theme } from '../../pictures/arm-colors.ts';
import type { Globe, Push } from './globe.ts';
import { drawFrame, pick, project, radiusOf, spriteSize, type Inks } from './globe-draw.ts';
import { drawSheet, type SpriteSheet } from './globe-sprites.ts';
import {
  about,
  alignment,
  between,
  compose,
  IDENTITY,
  pointAt,
  rotate,
  rotateAll,
  slerp,
  unit,
  type Quaternion,
  type Vector,
} from './rotation.ts';

/** What the page tells the scene. */
export interface SceneState {
  globe: Globe;
  /** Index of the training shown. */
  training: number;
  anchor: number | null;
  push: Push | null;
  only: number | null;
  hovered: number | null;
  theme: Theme;
  large: boolean;
  reducedMotion: boolean;
  /** Sways, or turns while no picture is chosen. */
  turning: boolean;
}

interface Glide<T> {
  from: T;
  to: T;
  began: number;
  ms: number;
}

/** Where a chosen picture comes to rest: near the middle, a little up, so that its spines have room. */
const FRONT = unit([-0.12, 0.16, 1]);
/** A picture this near to the eye stays where it is when it is chosen. */
const NEAR_ENOUGH = 0.72;
const GLIDE_MS = 900;
const FACE_MS = 600;
const SWAY = { angle: 0.2, ms: 11_000, turnMs: 80_000, frameMs: 30 };

const ease = (t: number): number => t * t * (3 - 2 * t);
const progress = ({ began, ms }: Glide<unknown>, now: number): number => Math.min(1, Math.max(0, (now - began) / ms));

export class GlobeScene {
  private readonly canvas: HTMLCanvasElement;
  private readonly pen: CanvasRenderingContext2D;
  private readonly seen: IntersectionObserver;
  private state: SceneState;
  private size = 0;
  /** Positions on the way, and where they are going. */
  private positions: Float32Array;
  private goal: Float32Array;
  private morph: Glide<Float32Array> | null = null;
  private base: Quaternion = IDENTITY;
  private turn: Glide<Quaternion> | null = null;
  /** Phase of the sway, in milliseconds of motion. */
  private phase = 0;
  private sheet: SpriteSheet | null = null;
  private inks: Inks | null = null;
  private request = 0;
  private drawnAt = 0;
  private isHeld = false;
  private isAiming = false;
  private isVisible = true;

  constructor(canvas: HTMLCanvasElement, state: SceneState) {
    this.canvas = canvas;
    this.pen = canvas.getContext('2d')!;
    this.state = state;
    this.positions = this.goal = state.globe.positions[state.training];
    if (state.anchor !== null) this.base = between(pointAt(this.goal, state.anchor), FRONT);
    this.seen = new IntersectionObserver(([entry]) => {
      this.isVisible = entry.isIntersecting;
      this.wake();
    });
    this.seen.observe(canvas);
  }

  dispose(): void {
    cancelAnimationFrame(this.request);
    this.seen.disconnect();
  }

  /** Takes over what the page shows; what moved glides. */
  update(next: SceneState): void {
    const last = this.state;
    const isNewTheme = next.theme !== last.theme;
    if ((next.anchor === null) !== (last.anchor === null)) this.settle();
    this.state = next;
    if (isNewTheme) this.inks = null;
    if (isNewTheme || !sameImages(next.globe, last.globe)) this.sheet = null;
    if (next.globe.points !== last.globe.points) this.positions = this.goal = next.globe.positions[next.training];
    else if (next.globe !== last.globe || next.training !== last.training)
      this.morphTo(next.globe.positions[next.training]);
    if (next.anchor !== null && (next.anchor !== last.anchor || next.training !== last.training))
      this.face(next.anchor);
    this.wake();
  }

  resize(size: number): void {
    const scale = Math.min(2.5, window.devicePixelRatio || 1);
    this.size = size;
    this.canvas.width = this.canvas.height = Math.round(size * scale);
    this.pen.setTransform(this.canvas.width / size, 0, 0, this.canvas.height / size, 0, 0);
    this.draw(performance.now());
  }

  /** While the pointer is on the globe nothing moves by itself. */
  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
    this.wake();
  }
  /** Shows which picture Enter would choose. */
  aim(isAiming: boolean): void {
    this.isAiming = isAiming;
    this.wake();
  }

  /** Turns by a drag of (dx, dy) pixels. */
  drag(dx: number, dy: number): void {
    const angle = Math.hypot(dx, dy) / radiusOf(this.size);
    if (angle === 0) return;
    this.settle();
    this.turn = null;
    this.base = compose(about(unit([dy, dx, 0]), angle), this.base);
    this.wake();
  }

  /** The picture at a place in CSS pixels, or null. */
  hit(x: number, y: number): number | null {
    const { only, globe, anchor } = this.state;
    return pick(
      this.screen(),
      x,
      y,
      Math.max(16, spriteSize(radiusOf(this.size), 1, false) * 0.8),
      (i) => only === null || globe.labels[i] === only || i === anchor,
    );
  }
  /** The picture nearest to the middle that is not chosen yet. */
  aimed(): number | null {
    const { only, globe, anchor } = this.state;
    return pick(
      this.screen(),
      this.size / 2,
      this.size / 2,
      this.size,
      (i) => i !== anchor && (only === null || globe.labels[i] === only),
    );
  }

  private screen(): Float32Array {
    return project(this.positions, this.view(), this.size);
  }

  private view(): Quaternion {
    if (this.phase === 0) return this.base;
    const angle =
      this.state.anchor === null
        ? (this.phase / SWAY.turnMs) * 2 * Math.PI
        : SWAY.angle * Math.sin((this.phase / SWAY.ms) * 2 * Math.PI);
    return compose(about([0, 1, 0], angle), this.base);
  }

  /** What the sway has turned stays turned; it starts anew from here. */
  private settle(): void {
    this.base = this.view();
    this.phase = 0;
  }

  private morphTo(raw: Float32Array): void {
    // the loss cannot tell rotated globes apart: take the rotation that moves least
    this.goal = rotateAll(alignment(raw, this.goal), raw);
    if (this.state.reducedMotion) {
      this.morph = null;
      this.positions = this.goal;
    } else this.morph = { from: this.positions, to: this.goal, began: performance.now(), ms: GLIDE_MS };
  }

  private face(i: number): void {
    const base = this.turn?.to ?? this.base;
    const at: Vector = rotate(base, pointAt(this.goal, i));
    if (at[2] > NEAR_ENOUGH) return;
    const to = compose(between(at, FRONT), base);
    if (this.state.reducedMotion) {
      this.turn = null;
      this.base = to;
    } else this.turn = { from: this.base, to, began: performance.now(), ms: FACE_MS };
  }

  private isSwaying(): boolean {
    const { turning, reducedMotion } = this.state;
    return turning && !reducedMotion && !this.isHeld && !this.isAiming && !this.turn && this.isVisible;
  }

  private wake(): void {
    if (!this.request) this.request = requestAnimationFrame((now) => this.tick(now));
  }

  private tick(now: number): void {
    this.request = 0;
    const isGliding = this.morph !== null || this.turn !== null;
    const isSwaying = this.isSwaying();
    const elapsed = now - this.drawnAt;
    if (isSwaying && !isGliding && elapsed < SWAY.frameMs) return this.wake();
    // after a rest the sway goes on from where it stood
    if (isSwaying) this.phase += Math.min(elapsed, 2 * SWAY.frameMs);
    this.advance(now);
    this.draw(now);
    if (this.morph || this.turn || this.isSwaying()) this.wake();
  }

  private advance(now: number): void {
    if (this.morph) {
      const t = progress(this.morph, now);
      this.positions = t < 1 ? blend(this.morph.from, this.morph.to, ease(t)) : this.morph.to;
      if (t === 1) this.morph = null;
    }
    if (this.turn) {
      const t = progress(this.turn, now);
      this.base = slerp(this.turn.from, this.turn.to, ease(t));
      if (t === 1) this.turn = null;
    }
  }

  private draw(now: number): void {
    if (this.size === 0) return;
    const { globe, theme, large, anchor, push, only, hovered } = this.state;
    this.drawnAt = now;
    this.inks ??= readInks(this.canvas);
    this.sheet ??= drawSheet(globe, theme, this.inks.surface);
    drawFrame({
      pen: this.pen,
      size: this.size,
      radius: radiusOf(this.size),
      view: this.view(),
      theme,
      inks: this.inks,
      large,
      positions: this.positions,
      labels: globe.labels,
      classes: globe.classes,
      sheet: this.sheet,
      anchor,
      push,
      only,
      hovered,
      aimed: this.isAiming ? this.aimed() : null,
    });
  }
}

/** Straight between two clouds, pulled back onto the sphere. */
function blend(from: Float32Array, to: Float32Array, t: number): Float32Array {
  const out = new Float32Array(to.length);
  for (let i = 0; i < to.length / 3; i++) {
    const a = pointAt(from, i);
    const b = pointAt(to, i);
    out.set(unit([a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), a[2] + t * (b[2] - a[2])], b), 3 * i);
  }
  return out;
}

const sameBytes = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a === b || (a.length === b.length && Array.prototype.every.call(a, (v, i) => v === b[i]));
const sameImages = (a: Globe, b: Globe): boolean =>
  a === b || (sameBytes(a.labels, b.labels) && sameBytes(a.pixels, b.pixels));

function readInks(element: Element): Inks {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    surface: token('--surface'),
    sunken: token('--sunken'),
    grid: token('--grid'),
    rule: token('--rule-strong'),
    ink: token('--ink'),
    quiet: token('--ink-3'),
    font: style.fontFamily,
  };
}
