// The lab's picture: the stack of slabs, the question and everyone's answers, the redundancy map and the count errors.
import { useEffect, useMemo, useRef, useState } from 'react';
import { QUESTION_TYPES } from '../../data/scenes/questions.ts';
import { mean } from '../../util/stats.ts';
import type { ViewProps } from '../_kit/contract/view.ts';
import { aliveAt, type ArmAnswer, type Asked } from './ask.ts';
import { planFrom, planKey, plansOf, type PlanKnobs } from './arms.ts';
import { Answers, QuestionBar } from './ask-panel.tsx';
import { exampleOf, PATCH, SIDE } from './example.ts';
import { LayerTable } from './layer-table.tsx';
import { MINI } from './model.ts';
import { OwnModelDetails } from '../../own-model/own-model-details.tsx';
import { TimelineBar } from '../../pictures/timeline-bar.tsx';
import { useTimeline } from '../../pictures/use-timeline.ts';
import { readPicture } from './own-picture.ts';
import { CountErrors, RedundancyMap } from './redundancy-map.tsx';
import { FlatPicture, Stack } from './stack-canvas.tsx';
import type { Ring } from './slabs.ts';
import { photoSubject, sceneSubject, suggestions, touched, truthOf, type Subject } from './subject.ts';
import { Tools, type Brush } from './tools.tsx';
import { TrainingRace } from './training-race.tsx';
import './pyramid.css';

interface Example extends Asked {
  seed: number;
  plan: string;
}
const isExample = (p: unknown): p is Example =>
  typeof p === 'object' && p !== null && Array.isArray((p as Example).arms) && Number.isInteger((p as Example).seed);
const LAYERS = MINI.layers;
const PATCHES = (SIDE / PATCH) ** 2;
const SWEEP_MS = 700;
const SETTLE_MS = 250;
/** Before any answer is there: all patches alive. */
const NOTHING_YET: ArmAnswer = {
  id: '',
  label: '',
  kept: [{ layer: 0, patches: Array.from({ length: PATCHES }, (_, i) => i) }],
  top: [],
};

interface Chosen {
  subject: Subject;
  words: readonly number[];
  seed: number;
}
const nameOf = (seed: number) => `scene ${seed}`;
function fromSeed(seed: number): Chosen {
  const { scene, question } = exampleOf(seed);
  return { subject: sceneSubject(scene, nameOf(seed), nameOf(seed)), words: question.words, seed };
}
const keyOf = (picture: string, words: readonly number[], plan: string): string =>
  [picture, words.join(' '), plan].join('|');
const ringsOf = ({ scene }: Subject, about: readonly number[]): Ring[] =>
  scene
    ? about.map((i) => {
        const { x, y, radius } = scene.objects[i];
        return { x, y, radius: 1.3 * radius };
      })
    : [];

interface Shown {
  key: string;
  arms: ArmAnswer[];
}
/** Asks the worker whenever picture, question or schedule differ from what is shown. */
function useAnswers(
  props: ViewProps,
  subject: Subject,
  words: readonly number[],
  plan: string,
  example: Example | null,
) {
  const { query } = props;
  const [shown, setShown] = useState<Shown | null>(null);
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const order = useRef(0);
  const given = useMemo(
    () => (example ? { key: keyOf(nameOf(example.seed), example.words, example.plan), arms: example.arms } : null),
    [example],
  );
  const key = keyOf(subject.id, words, plan);
  const current = shown?.key === key ? shown : given?.key === key ? given : null;
  const isKnown = current !== null;
  const rgb = subject.rgb;
  useEffect(() => {
    if (isKnown) return;
    const mine = ++order.current;
    const timer = setTimeout(() => {
      setBusy(true);
      query('ask', { rgb, words: [...words] })
        .then(
          (answer) => {
            if (mine === order.current) {
              setShown({ key, arms: (answer as Asked).arms });
              setProblem('');
            }
          },
          (error: Error) => {
            if (mine === order.current) setProblem(error.message);
          },
        )
        .finally(() => {
          if (mine === order.current) setBusy(false);
        });
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [isKnown, key, query, rgb, words]);
  return { arms: (current ?? shown ?? given)?.arms ?? [], isFresh: isKnown, isBusy, problem };
}

/** The subject with its scene drawn as the knob `look` says; drawn shapes until the worker has answered. */
function useDrawn({ query, knobs }: ViewProps, subject: Subject): { subject: Subject; lookProblem: string } {
  const look = String(knobs.look);
  const [drawn, setDrawn] = useState<Subject | null>(null);
  const [lookProblem, setProblem] = useState('');
  const { scene } = subject;
  const id = `${subject.id} as ${look}`;
  const isPlain = look === 'shapes' || !scene;
  const isThere = drawn?.id === id;
  useEffect(() => {
    if (isPlain || isThere) return;
    let isWanted = true;
    query('draw', scene).then(
      (rgb) => {
        if (isWanted) {
          setDrawn({ ...subject, id, rgb: rgb as Subject['rgb'] });
          setProblem('');
        }
      },
      (error: Error) => {
        if (isWanted) setProblem(`The emoji could not be had; shapes are shown. ${error.message}`);
      },
    );
    return () => {
      isWanted = false;
    };
  }, [isPlain, isThere, id, query, scene, subject]);
  return isPlain || !isThere
    ? { subject, lookProblem: isPlain ? '' : lookProblem }
    : { subject: drawn, lookProblem: '' };
}

export default function View(props: ViewProps) {
  const { knobs, theme, large, pictures } = props;
  const example = isExample(pictures.example) ? pictures.example : null;
  const key = planKey(knobs as unknown as PlanKnobs);
  const planned = useMemo(() => plansOf(planFrom(key)), [key]);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const first = useMemo(() => fromSeed(example?.seed ?? 1), [example?.seed]);
  const { subject: plain, words, seed } = chosen ?? first;
  const { subject, lookProblem } = useDrawn(props, plain);
  const { arms, isFresh, isBusy, problem } = useAnswers(props, subject, words, key, example);
  const [armId, setArmId] = useState('pyramid');
  const [fileProblem, setFileProblem] = useState('');
  const [brush, setBrush] = useState<Brush>({ colour: 0, shape: 0 });
  const truth = useMemo(() => truthOf(subject, words), [subject, words]);
  const arm = arms.find((a) => a.id === armId) ?? arms[0] ?? NOTHING_YET;
  const alive = useMemo(() => Array.from({ length: LAYERS }, (_, l) => aliveAt(arm, l)), [arm]);
  const rings = useMemo(() => ringsOf(subject, truth?.about ?? []), [subject, truth]);
  const chips = useMemo(() => suggestions(subject), [subject]);
  const sweep = useTimeline(LAYERS, { frameMs: SWEEP_MS, isLoop: true, start: 4 });
  const layer = sweep.at;

  const show = (next: Subject) => {
    setFileProblem('');
    setChosen({ subject: next, words, seed });
  };
  const open = (file: File) => {
    readPicture(file).then(
      (rgb) => show(photoSubject(rgb, file.name)),
      (error: Error) => setFileProblem(error.message),
    );
  };
  const { scene } = subject;
  const place = scene
    ? (x: number, y: number) => show(sceneSubject(touched(scene, x, y, brush.colour, brush.shape), 'your scene'))
    : undefined;
  const name = arm.label || 'all tokens';
  const counts = alive.map((p) => p.length);
  return (
    <div className="pd" data-large={large || undefined} aria-busy={isBusy}>
      <div className="pd-main">
        <div className="pd-left">
          <Stack
            rgb={subject.rgb}
            alive={alive}
            layer={layer}
            setLayer={sweep.set}
            rings={rings}
            theme={theme}
            large={large}
            summary={`${name}: image tokens alive in layers 1 to ${LAYERS}: ${counts.join(', ')}. Layer ${layer + 1} is chosen.`}
          />
          <TimelineBar
            timeline={sweep}
            label="Decoder layer"
            play="Go up"
            pause="Stop"
            text={(l) => `layer ${l + 1}: ${counts[l]} image tokens`}
          >
            {counts[layer]} of {PATCHES}
          </TimelineBar>
        </div>
        <div className="pd-right">
          <p className="pd-which">
            <b>{name}</b>, layer {layer + 1}
            <span className="quiet"> · {subject.name}</span>
          </p>
          <FlatPicture
            rgb={subject.rgb}
            alive={alive[layer]}
            rings={rings}
            theme={theme}
            label={`${subject.name} in layer ${layer + 1}: ${counts[layer]} of ${PATCHES} patches alive`}
            drop={open}
            press={place}
          />
          <Tools
            subject={subject}
            seed={seed}
            draw={(n) => {
              setFileProblem('');
              setChosen(fromSeed(n));
            }}
            show={show}
            open={open}
            brush={brush}
            setBrush={setBrush}
          />
          <p className="pd-problem" role="alert">
            {fileProblem || lookProblem}
          </p>
        </div>
        <div className="pd-talk">
          <QuestionBar words={words} chips={chips} ask={(asked) => setChosen({ subject, words: asked, seed })} />
          <p className="pd-state tiny quiet" aria-live="polite">
            {isBusy ? 'asking both models …' : ' '}
          </p>
          <p className="pd-problem" role="alert">
            {problem}
          </p>
          {arms.length > 0 && (
            <div data-stale={!isFresh || undefined}>
              <Answers
                arms={arms}
                truth={truth?.answer ?? null}
                shown={arm.id}
                show={setArmId}
                styles={props.armStyles}
                hoveredArm={props.hoveredArm}
                hoverArm={props.hoverArm}
              />
            </div>
          )}
        </div>
      </div>
      <TrainingRace {...props} />
      <Ability arms={props.arms} />
      {planned.notices.length > 0 && <p className="small pd-notice">{planned.notices.join(' ')}</p>}
      <LayerTable arm={arm} alive={alive} subject={subject} about={truth?.about ?? []} />
      <div className="pd-figures">
        <RedundancyMap payload={pictures.redundancy} schedule={planned.plans[1].schedule} />
        <CountErrors payload={pictures.countErrors} />
      </div>
      {!large && <OwnModelDetails />}
    </div>
  );
}

/** What the model can do with the whole picture, from the measured run. */
function Ability({ arms }: Pick<ViewProps, 'arms'>) {
  const final = arms.find((a) => a.id === 'full')?.final;
  const known = QUESTION_TYPES.flatMap((type) => {
    const values = (final?.[type] ?? []).filter(Number.isFinite);
    return values.length ? [`${type} ${(100 * mean(values)).toFixed(0)} %`] : [];
  });
  return known.length ? (
    <p className="small quiet">With all tokens this small model is right this often: {known.join(', ')}.</p>
  ) : null;
}
