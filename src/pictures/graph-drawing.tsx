// A graph: nodes tinted by group, edges by weight; the node in hand shows its neighbours.
import { useCallback, useMemo } from 'react';
import type { TableData } from './data-table.tsx';
import { graphLayout } from './graph-layout.ts';
import type { GraphPicture } from './payloads.ts';
import { planeScales, placeIn } from './plane-place.ts';
import { PointCanvas, type PlaceOf } from './point-canvas.tsx';
import type { CanvasPlace } from './use-canvas.ts';

export interface GraphDrawingProps {
  picture: GraphPicture;
  title: string;
  height?: number;
  chosen?: number | null;
  choose?(i: number | null): void;
}

export function GraphDrawing({ picture, title, height = 340, chosen, choose }: GraphDrawingProps) {
  const { nodes, edges, x, y, group, groups, labels } = picture;
  const places = useMemo(() => graphLayout({ nodes, edges, x, y }), [nodes, edges, x, y]);
  const scales = useMemo(() => planeScales(places), [places]);
  const degrees = useMemo(() => degreesOf(picture), [picture]);
  const place = useCallback(
    (width: number, high: number): PlaceOf => {
      if (!scales) return () => [0, 0];
      const to = placeIn(scales, width, high, true);
      return (i) => to(places.x[i], places.y[i]);
    },
    [scales, places],
  );
  const under = useCallback(
    (pen: CanvasRenderingContext2D, at: PlaceOf, canvas: CanvasPlace, held: number | null) =>
      drawEdges(pen, picture, at, canvas, held),
    [picture],
  );
  return (
    <PointCanvas
      label={`${title}: ${nodes} nodes and ${edges.length / 2} edges; the table holds the nodes.`}
      count={nodes}
      height={height}
      place={place}
      under={under}
      group={group}
      groups={groups}
      name={(i) =>
        [labels?.[i] ?? `node ${i + 1}`, groups?.[group?.[i] ?? -1], `${degrees[i]} neighbours`]
          .filter(Boolean)
          .join(' · ')
      }
      chosen={chosen}
      choose={choose}
    />
  );
}

function drawEdges(
  pen: CanvasRenderingContext2D,
  { edges, weight, directed }: GraphPicture,
  at: PlaceOf,
  { ink }: CanvasPlace,
  held: number | null,
): void {
  const quiet = ink('--rule-strong');
  const plain = ink('--ink');
  for (let e = 0; e < edges.length / 2; e++) {
    const [a, b] = [edges[2 * e], edges[2 * e + 1]];
    const isHeld = held !== null && (a === held || b === held);
    const strength = weight ? Math.max(0, Math.min(1, weight[e])) : 0.6;
    pen.globalAlpha = isHeld ? 1 : (held === null ? 1 : 0.4) * strength;
    pen.strokeStyle = isHeld ? plain : quiet;
    pen.lineWidth = isHeld ? 1.6 : 1;
    pen.beginPath();
    pen.moveTo(...at(a));
    pen.lineTo(...at(b));
    pen.stroke();
    if (directed) drawHead(pen, at(a), at(b));
  }
  pen.globalAlpha = 1;
}

/** The head of an arrow, a little before its node. */
function drawHead(
  pen: CanvasRenderingContext2D,
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
): void {
  const angle = Math.atan2(y1 - y0, x1 - x0);
  const tip = [x1 - 5 * Math.cos(angle), y1 - 5 * Math.sin(angle)] as const;
  pen.beginPath();
  for (const turn of [2.7, -2.7]) {
    pen.moveTo(...tip);
    pen.lineTo(tip[0] + 6 * Math.cos(angle + turn), tip[1] + 6 * Math.sin(angle + turn));
  }
  pen.stroke();
}

/** Edges at every node. */
export function degreesOf({ nodes, edges }: Pick<GraphPicture, 'nodes' | 'edges'>): Int32Array {
  const degrees = new Int32Array(nodes);
  for (let i = 0; i < edges.length; i++) degrees[edges[i]]++;
  return degrees;
}

export function graphTable(picture: GraphPicture, limit = 500): TableData {
  const { nodes, labels, group, groups } = picture;
  const degrees = degreesOf(picture);
  return {
    head: ['node', ...(groups ? ['group'] : []), 'neighbours'],
    rows: Array.from({ length: Math.min(limit, nodes) }, (_, i) => [
      labels?.[i] ?? i + 1,
      ...(groups ? [groups[group?.[i] ?? -1] ?? null] : []),
      degrees[i],
    ]),
  };
}
