// The lab's picture: the tree of the network above its patches, and how target and student answer while one patch turns.
import { useMemo, useState } from 'react';
import { Chips } from '../../pictures/chips.tsx';
import { FoldedTables } from '../../pictures/data-table.tsx';
import type { ViewProps } from '../_kit/contract/view.ts';
import { CurvesFigure, curveLines } from './curves-figure.tsx';
import { patchesOf } from './kernel.ts';
import { teacherLayers, type Student, type Teacher } from './measure.ts';
import { learn, makeProblem, responseOf, shapeGap, TURNS } from './response.ts';
import { ResponseFigure } from './response-figure.tsx';
import { TreeFigure } from './tree-figure.tsx';
import './wide-cnn.css';

const TEACHER_NAMES: Record<Teacher, string> = { patch: 'single patches', pair: 'pairs', whole: 'the whole input' };
const STUDENT_NAMES: Record<Student, string> = {
  deep: 'deep CNN',
  shallow: 'shallow CNN',
  connected: 'fully connected',
};
const chips = <Id extends string>(names: Record<Id, string>, now: Id) =>
  (Object.entries(names) as [Id, string][]).map(([id, label]) => ({ id, label, isOn: id === now }));

export default function View({ knobs, setKnob, arms, armStyles, hoveredArm, hoverArm, large }: ViewProps) {
  const teacher = knobs.teacher as Teacher;
  const student = knobs.student as Student;
  const [n, s1, depth, ridge, noise] = ['points', 's1', 'depth', 'ridge', 'noise'].map((name) => Number(knobs[name]));
  const patches = patchesOf(depth);
  const [seed, setSeed] = useState(1);
  const [held, setHeld] = useState(0);
  const [other, setOther] = useState<'near' | 'far'>('near');
  const [turn, setTurn] = useState(9);
  const patch = Math.min(held, patches - 1);
  const moved = other === 'near' ? patch ^ 1 : patch ^ (patches / 2);
  const problem = useMemo(() => makeProblem(seed, teacher, { depth, s1, noise }), [seed, teacher, depth, s1, noise]);
  const learnt = useMemo(() => learn(student, problem, { depth, n, ridge }), [student, problem, depth, n, ridge]);
  const still = useMemo(() => responseOf(problem, learnt, patch, null), [problem, learnt, patch]);
  const after = useMemo(() => responseOf(problem, learnt, patch, moved), [problem, learnt, patch, moved]);
  const gaps = { target: shapeGap(still.target, after.target), learnt: shapeGap(still.learnt, after.learnt) };
  const changes = { target: still.target[turn] - still.target[0], learnt: still.learnt[turn] - still.learnt[0] };
  const lines = curveLines(arms);
  const angle = (t: number) => `${Math.round((360 * t) / (TURNS - 1))}°`;
  return (
    <div className="wide-cnn" data-large={large || undefined}>
      <div className="wide-cnn-bar">
        <Chips
          label="Target looks at"
          hasLabel
          items={chips(TEACHER_NAMES, teacher)}
          press={(id) => setKnob('teacher', id)}
        />
        <Chips label="Student" hasLabel items={chips(STUDENT_NAMES, student)} press={(id) => setKnob('student', id)} />
        <button type="button" className="button small" onClick={() => setSeed(seed + 1)}>
          New target
        </button>
      </div>
      <div className="wide-cnn-grid">
        <div className="wide-cnn-part">
          <TreeFigure
            depth={depth}
            layers={teacherLayers(teacher, depth)}
            patch={patch}
            moved={moved}
            turn={turn / (TURNS - 1)}
            choose={setHeld}
            large={large}
          />
          <label className="wide-cnn-turn">
            Turn patch {patch + 1}
            <input
              type="range"
              min={0}
              max={TURNS - 1}
              step={1}
              value={turn}
              aria-valuetext={angle(turn)}
              style={{ '--fill': `${(100 * turn) / (TURNS - 1)}%` } as React.CSSProperties}
              onChange={(e) => setTurn(Number(e.currentTarget.value))}
            />
            <output className="num">{angle(turn)}</output>
          </label>
          <Chips
            label="Neighbour that moves"
            hasLabel
            items={[
              { id: 'near' as const, label: 'next to it', isOn: other === 'near' },
              { id: 'far' as const, label: 'far away', isOn: other === 'far' },
            ]}
            press={setOther}
          />
          <ChangeBars changes={changes} />
        </div>
        <div className="wide-cnn-part">
          <ResponseFigure still={still} after={after} turn={turn} patch={patch} moved={moved} large={large} />
          <p className="wide-cnn-note num" aria-live="polite">
            Moving patch {moved + 1} changes the shape of the target by{' '}
            <strong>{gaps.target < 0.005 ? 'nothing' : gaps.target.toFixed(2)}</strong>
            {gaps.target < 0.005 ? ': its parts add up' : ': the two act together'}; of what the student learnt from {n}{' '}
            points by <strong>{gaps.learnt < 0.005 ? 'nothing' : gaps.learnt.toFixed(2)}</strong>. It misses the target
            by at most {shapeGap(still.target, still.learnt).toFixed(2)} along this turn.
          </p>
        </div>
      </div>
      {lines.length > 0 && (
        <CurvesFigure
          lines={lines}
          s1={s1}
          depth={depth}
          styles={armStyles}
          hovered={hoveredArm}
          hover={hoverArm}
          large={large}
        />
      )}
      <FoldedTables
        summary="The pictures as tables"
        tables={[
          {
            caption: `Answers while patch ${patch + 1} turns, each less its mean`,
            head: ['angle', 'target', 'learnt', `target, patch ${moved + 1} moved`, `learnt, patch ${moved + 1} moved`],
            rows: Array.from({ length: 9 }, (_, i) => i * 4.5)
              .filter(Number.isInteger)
              .map((t) => [
                angle(t),
                ...[still.target, still.learnt, after.target, after.learnt].map((v) => v[t].toFixed(3)),
              ]),
          },
          {
            caption: 'Test error of the run, mean over its seeds',
            head: ['points', ...lines.map((line) => line.label)],
            rows: (lines[0]?.points ?? []).map(([size], i) => [
              size,
              ...lines.map((line) => line.points[i]?.[1].toPrecision(3) ?? '–'),
            ]),
          },
        ]}
      />
    </div>
  );
}

/** How much both functions changed since the angle 0. */
function ChangeBars({ changes }: { changes: { target: number; learnt: number } }) {
  const rows = [
    { name: 'target', value: changes.target },
    { name: 'learnt', value: changes.learnt },
  ];
  return (
    <table className="wide-cnn-changes">
      <caption>Change since 0°</caption>
      <tbody>
        {rows.map(({ name, value }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <span
                data-name={name}
                style={{ width: `${Math.min(50, 40 * Math.abs(value))}%`, [value < 0 ? 'right' : 'left']: '50%' }}
              />
            </td>
            <td className="num">{`${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
