// A box for a number, taken over when it is left or Enter is pressed; what was not taken as it stood gets a sentence below.
import { useId, useState } from 'react';
import { takeNumber } from '../util/read-number.ts';

export interface NumberBoxProps {
  value: number;
  /** The nearest number that may stand here. */
  fit(value: number): number;
  set(value: number): void;
  /** Which numbers may: "1 to 50". */
  range?: string;
  label?: string;
  id?: string;
  disabled?: boolean;
}

export function NumberBox({ label, value, fit, set, range, id, disabled }: NumberBoxProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const noteId = useId();
  const commit = () => {
    if (draft === null) return;
    const taken = takeNumber(draft, value, fit, range);
    if (taken.value !== value) set(taken.value);
    setNote(taken.note);
    setDraft(null);
  };
  return (
    <>
      <input
        type="text"
        inputMode="decimal"
        className="number-box num"
        id={id}
        aria-label={label}
        aria-describedby={note ? noteId : undefined}
        title={range}
        value={draft ?? String(value)}
        maxLength={24}
        disabled={disabled}
        onChange={(event) => {
          setDraft(event.target.value);
          setNote(null);
        }}
        onFocus={(event) => event.target.select()}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape' && draft !== null) {
            event.stopPropagation();
            setDraft(null);
          }
        }}
      />
      <span className="number-note tiny" id={noteId} role="status" hidden={!note}>
        {note}
      </span>
    </>
  );
}
