// The canvas of the globe with its pointer and keys: drag or arrows turn it, a click or Enter chooses a picture.
import { useEffect, useLayoutEffect, useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { GlobeScene, type SceneState } from './globe-scene.ts';

interface GlobeCanvasProps {
  state: SceneState;
  /** Side of the square in CSS pixels. */
  size: number;
  /** What the picture shows, in words. */
  summary: string;
  /** Id of the text that explains the keys. */
  keysId: string;
  choose(i: number | null): void;
  hover(i: number | null): void;
}

const KEY_TURN = 40;
const CLICK_SLACK = 5;
const TURNS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-KEY_TURN, 0],
  ArrowRight: [KEY_TURN, 0],
  ArrowUp: [0, -KEY_TURN],
  ArrowDown: [0, KEY_TURN],
};

export function GlobeCanvas({ state, size, summary, keysId, choose, hover }: GlobeCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scene = useRef<GlobeScene | null>(null);
  const first = useRef(state);
  first.current = state;
  const drag = useRef<{ x: number; y: number; moved: number } | null>(null);

  useLayoutEffect(() => {
    scene.current = new GlobeScene(canvas.current!, first.current);
    return () => scene.current?.dispose();
  }, []);
  useLayoutEffect(() => scene.current?.resize(size), [size]);
  useEffect(() => scene.current?.update(state));

  const place = (event: PointerEvent): [number, number] => {
    const box = canvas.current!.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    canvas.current!.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, y: event.clientY, moved: 0 };
    scene.current?.hold(true);
  };
  const onPointerMove = (event: PointerEvent) => {
    const d = drag.current;
    if (!d) {
      scene.current?.hold(true);
      return hover(scene.current?.hit(...place(event)) ?? null);
    }
    const dx = event.clientX - d.x;
    const dy = event.clientY - d.y;
    drag.current = { x: event.clientX, y: event.clientY, moved: d.moved + Math.hypot(dx, dy) };
    if (drag.current.moved > CLICK_SLACK) {
      hover(null);
      scene.current?.drag(dx, dy);
    }
  };
  const onPointerUp = (event: PointerEvent) => {
    const moved = drag.current?.moved;
    drag.current = null;
    if (event.pointerType !== 'mouse') {
      scene.current?.hold(false);
      hover(null);
    }
    if (moved !== undefined && moved <= CLICK_SLACK) choose(scene.current?.hit(...place(event)) ?? null);
  };
  const letGo = () => {
    drag.current = null;
    scene.current?.hold(false);
    hover(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const turn = TURNS[event.key];
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (turn) scene.current?.drag(...turn);
    else if (event.key === 'Enter' || event.key === ' ') choose(scene.current?.aimed() ?? null);
    else if (event.key === 'Escape') choose(null);
    else return;
    event.preventDefault();
  };

  return (
    <div
      className="globe-ball"
      tabIndex={0}
      role="group"
      aria-label="Globe"
      aria-describedby={keysId}
      onKeyDown={onKeyDown}
      onFocus={(event) => scene.current?.aim(event.currentTarget.matches(':focus-visible'))}
      onBlur={() => scene.current?.aim(false)}
    >
      <canvas
        ref={canvas}
        role="img"
        aria-label={summary}
        data-hovered={state.hovered !== null || undefined}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={letGo}
        onPointerLeave={letGo}
      />
    </div>
  );
}
