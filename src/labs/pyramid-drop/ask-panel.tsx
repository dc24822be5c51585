// The question, typed or picked, and what each arm answers.
import { useId, useState, type FormEvent } from 'react';
import type { ArmStyle } from '../../pictures/arm-colors.ts';
import { Chips } from '../../pictures/chips.tsx';
import { decode, WORDS } from '../../data/scenes/vocabulary.ts';
import { parseQuestion } from '../../data/scenes/parse.ts';
import type { ArmAnswer } from './ask.ts';
import type { suggestions } from './subject.ts';

interface QuestionProps {
  words: readonly number[];
  chips: ReturnType<typeof suggestions>;
  ask(words: readonly number[]): void;
}

export function QuestionBar({ words, chips, ask }: QuestionProps) {
  const [text, setText] = useState<string | null>(null);
  const [problem, setProblem] = useState('');
  const id = useId();
  const asked = decode(words);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const parsed = parseQuestion(text ?? asked);
    setProblem(parsed.ok ? '' : parsed.message);
    if (!parsed.ok) return;
    setText(null);
    ask(parsed.words);
  };
  return (
    <form className="pd-ask" onSubmit={submit}>
      <label htmlFor={id}>Ask about the picture</label>
      <div className="pd-ask-line">
        <input
          id={id}
          type="text"
          value={text ?? asked}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          aria-describedby={`${id}-note`}
          aria-invalid={problem ? true : undefined}
          onChange={(e) => setText(e.target.value)}
        />
        <button type="submit" className="button">
          Ask
        </button>
      </div>
      <p id={`${id}-note`} className="pd-problem" role="alert">
        {problem}
      </p>
      <Chips
        label="Questions to pick"
        look="round"
        items={chips.map((chip, i) => ({ id: i, label: chip.text, isOn: chip.text === asked }))}
        press={(i) => {
          setText(null);
          setProblem('');
          ask(chips[i].words);
        }}
      />
    </form>
  );
}

interface AnswersProps {
  arms: readonly ArmAnswer[];
  /** Token of the true answer; null when nobody knows it. */
  truth: number | null;
  shown: string;
  show(id: string): void;
  styles: Record<string, ArmStyle>;
  hoveredArm: string | null;
  hoverArm(id: string | null): void;
}
export function Answers({ arms, truth, shown, show, styles, hoveredArm, hoverArm }: AnswersProps) {
  return (
    <div className="pd-answers">
      <p className="small quiet" aria-live="polite">
        {truth === null ? (
          'No true answer is known here.'
        ) : (
          <>
            True answer: <strong>{WORDS[truth]}</strong>
          </>
        )}
      </p>
      <div className="scroll-x">
        <table>
          <caption className="hidden-text">What each arm answers; choose an arm to see what it keeps</caption>
          <thead>
            <tr>
              <th scope="col">Arm</th>
              <th scope="col">Answer</th>
              <th scope="col">Sure</th>
              <th scope="col">Next</th>
              <th scope="col">Last stage</th>
            </tr>
          </thead>
          <tbody onPointerLeave={() => hoverArm(null)}>
            {arms.map(({ id, label, top: [best, second], kept }) => {
              const isRight = truth !== null && WORDS[truth] === best.word;
              return (
                <tr
                  key={id}
                  data-shown={id === shown || undefined}
                  data-front={id === hoveredArm || undefined}
                  onPointerEnter={() => hoverArm(id)}
                >
                  <th scope="row">
                    <button type="button" aria-pressed={id === shown} onClick={() => show(id)}>
                      <i style={{ background: styles[id]?.color }} />
                      {label}
                    </button>
                  </th>
                  <td>
                    <b>{best.word}</b>
                    {truth !== null && (
                      <span className="pd-mark" data-right={isRight}>
                        {isRight ? ' right' : ' wrong'}
                      </span>
                    )}
                  </td>
                  <td className="num">{(100 * best.p).toFixed(0)} %</td>
                  <td className="quiet">
                    {second.word} <span className="num">({(100 * second.p).toFixed(0)} %)</span>
                  </td>
                  <td className="num">{kept.at(-1)!.patches.length}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}
