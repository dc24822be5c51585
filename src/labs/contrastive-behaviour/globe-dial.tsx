// The temperature dial: an arc along the foot of the globe, over a native slider, with a mark for every trained temperature.
import { useEffect, useRef, type PointerEvent } from 'react';
import type { ArmStyle } from '../../pictures/arm-colors.ts';
import { sweepId } from './claims.ts';
import { midpoints, shareOf, tauAt, type DialRange } from './globe.ts';
import { dialGeometry, type DialGeometry } from './dial-geometry.ts';

interface GlobeDialProps {
  range: DialRange;
  tau: number;
  taus: readonly number[];
  /** Index of the training that the globe shows. */
  training: number;
  size: number;
  armStyles: Record<string, ArmStyle>;
  hoveredArm: string | null;
  hoverArm(id: string | null): void;
  setTau(tau: number, settled: boolean): void;
}

const POSITIONS = 200;
const SNAP_PX = 6;
const HOVER_PX = 14;
const inkOf = (styles: Record<string, ArmStyle>, tau: number): string => styles[sweepId(tau)]?.color ?? 'var(--ink-2)';

export function GlobeDial(props: GlobeDialProps) {
  const { range, tau, taus, training, size, setTau, hoverArm } = props;
  const shape = dialGeometry(size);
  const share = shareOf(range, tau);
  const slider = useRef<HTMLInputElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const settle = useRef(setTau);
  settle.current = setTau;
  // React's onChange is the browser's "input"; its own "change" comes when a key has moved the slider
  useEffect(() => {
    const input = slider.current!;
    const onChange = () => settle.current(tauAt(range, Number(input.value) / POSITIONS), true);
    input.addEventListener('change', onChange);
    return () => input.removeEventListener('change', onChange);
  }, [range]);

  const shareUnder = (event: PointerEvent): number => {
    const box = svg.current!.getBoundingClientRect();
    return shape.shareAt(event.clientX - box.left, event.clientY - box.top);
  };
  const trainedNear = (at: number, reach: number) =>
    taus.find((t) => Math.abs(shareOf(range, t) - at) * shape.length < reach);
  const tauUnder = (event: PointerEvent): number => {
    const at = shareUnder(event);
    return trainedNear(at, SNAP_PX) ?? tauAt(range, at);
  };
  const onPointerDown = (event: PointerEvent<SVGElement>) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    slider.current?.focus({ preventScroll: true });
    setTau(tauUnder(event), false);
  };
  const onPointerMove = (event: PointerEvent<SVGElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) return setTau(tauUnder(event), false);
    const near = trainedNear(shareUnder(event), HOVER_PX);
    hoverArm(near === undefined ? null : sweepId(near));
  };
  const onPointerUp = (event: PointerEvent<SVGElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) setTau(tauUnder(event), true);
  };
  const [x, y] = shape.point(share);

  return (
    <div className="globe-dial">
      <input
        ref={slider}
        type="range"
        min={0}
        max={POSITIONS}
        step={1}
        value={Math.round(share * POSITIONS)}
        aria-label="Temperature τ"
        aria-valuetext={`τ = ${tau}, globe trained at ${taus[training]}`}
        onChange={(event) => setTau(tauAt(range, Number(event.target.value) / POSITIONS), false)}
      />
      <svg ref={svg} width={size} height={shape.height} viewBox={`0 0 ${size} ${shape.height}`} aria-hidden="true">
        <Track {...props} shape={shape} />
        <path
          className="dial-grip"
          d={shape.path(0, 1)}
          onPointerDown={onPointerDown}
          onPointerMove={onPointerMove}
          onPointerUp={onPointerUp}
          onPointerLeave={() => hoverArm(null)}
        />
        <g
          className="dial-handle"
          style={{ color: inkOf(props.armStyles, taus[training]) }}
          transform={`translate(${x} ${y})`}
        >
          <circle className="dial-focus" r={15} />
          <circle className="dial-knob" r={10.5} />
          <circle r={4.5} fill="currentColor" />
        </g>
      </svg>
    </div>
  );
}

/** One stretch per training, from midpoint to midpoint; the one shown is thick and in its arm's colour. */
function Track({ range, taus, training, shape, armStyles, hoveredArm }: GlobeDialProps & { shape: DialGeometry }) {
  const bounds = [0, ...midpoints(taus).map((t) => shareOf(range, t)), 1];
  const gap = 2 / shape.length;
  return (
    <>
      {taus.map((t, k) => (
        <path
          key={t}
          className="dial-stretch"
          data-shown={k === training || undefined}
          style={{ color: inkOf(armStyles, t) }}
          d={shape.path(bounds[k] + (k ? gap : 0), bounds[k + 1] - (k < taus.length - 1 ? gap : 0))}
        />
      ))}
      {taus.map((t, k) => {
        const [x, y] = shape.point(shareOf(range, t));
        const [lx, ly] = shape.point(shareOf(range, t), 22);
        return (
          <g
            key={t}
            className="dial-tick"
            data-shown={k === training || undefined}
            style={{ color: inkOf(armStyles, t) }}
          >
            <circle cx={x} cy={y} r={hoveredArm === sweepId(t) ? 7 : 4.5} />
            <text x={lx} y={ly + 4.5} textAnchor="middle">
              {t}
            </text>
          </g>
        );
      })}
      {[0, 1].map((end) => {
        const [x, y] = shape.point(end);
        return (
          <text key={end} className="dial-end" x={x + (end ? 14 : -14)} y={y - 12} textAnchor={end ? 'end' : 'start'}>
            {end ? 'warm' : 'cold'}
          </text>
        );
      })}
    </>
  );
}
