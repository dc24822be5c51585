// The tree of the network above its patches: the nodes that see the patch in hand light up.
import { useWidth } from '../../pictures/use-width.ts';
import { JOIN, patchesOf } from './kernel.ts';

export interface TreeFigureProps {
  depth: number;
  /** Layers that the target looks at. */
  layers: number;
  patch: number;
  moved: number;
  /** Share of a full turn of the patch in hand. */
  turn: number;
  choose(patch: number): void;
  large: boolean;
}

export function TreeFigure({ depth, layers, patch, moved, turn, choose, large }: TreeFigureProps) {
  const [box, width] = useWidth<HTMLDivElement>();
  const patches = patchesOf(depth);
  const step = width / patches;
  const rise = large ? 56 : 42;
  const r = Math.min(step * 0.36, large ? 30 : 22);
  const bottom = depth * rise + 8;
  const x = (layer: number, j: number) => step * JOIN ** (layer - 1) * (j + 0.5);
  const y = (layer: number) => bottom - layer * rise + (layer === 1 ? 6 : 0);
  const nodes = Array.from({ length: depth }, (_, l) => l + 1).flatMap((layer) =>
    Array.from({ length: patches / JOIN ** (layer - 1) }, (_, j) => ({
      layer,
      j,
      isLit: Math.floor(patch / JOIN ** (layer - 1)) === j,
      isSeen: layer === layers,
    })),
  );
  return (
    <div ref={box} className="wide-cnn-tree">
      <svg
        width={width}
        height={bottom + 2 * r + 4}
        role="group"
        aria-label={`A tree of ${depth} layers over ${patches} patches.`}
      >
        {nodes
          .filter((node) => node.layer < depth)
          .map(({ layer, j, isLit }) => (
            <path
              key={`${layer} ${j}`}
              d={`M${x(layer, j)} ${y(layer)}L${x(layer + 1, Math.floor(j / JOIN))} ${y(layer + 1)}`}
              data-lit={isLit || undefined}
            />
          ))}
        {Array.from({ length: patches }, (_, p) => (
          <path key={p} d={`M${x(1, p)} ${bottom + r}V${y(1)}`} data-lit={p === patch || undefined} />
        ))}
        {nodes.map(({ layer, j, isLit, isSeen }) => (
          <circle
            key={`${layer} ${j}`}
            cx={x(layer, j)}
            cy={y(layer)}
            r={large ? 9 : 6}
            data-lit={isLit || undefined}
            data-seen={isSeen || undefined}
          />
        ))}
        {Array.from({ length: patches }, (_, p) => (
          <g
            key={p}
            className="wide-cnn-patch"
            role="button"
            tabIndex={0}
            aria-pressed={p === patch}
            aria-label={`Patch ${p + 1}${p === moved ? ', the one that moves' : ''}`}
            data-lit={p === patch || undefined}
            data-moved={p === moved || undefined}
            onClick={() => choose(p)}
            onKeyDown={(e) => {
              if (e.key !== 'Enter' && e.key !== ' ') return;
              e.preventDefault();
              choose(p);
            }}
          >
            <circle cx={x(1, p)} cy={bottom + r} r={r} />
            {p === patch && (
              <path
                d={`M${x(1, p)} ${bottom + r}l${r * Math.cos(2 * Math.PI * turn)} ${-r * Math.sin(2 * Math.PI * turn)}`}
              />
            )}
            {p !== patch && (
              <text x={x(1, p)} y={bottom + r} dy="0.35em" textAnchor="middle">
                {p + 1}
              </text>
            )}
          </g>
        ))}
      </svg>
      <p className="tiny quiet">
        Press a patch. Blue: what sees it. Green rings: the nodes whose functions make up the target.
      </p>
    </div>
  );
}
