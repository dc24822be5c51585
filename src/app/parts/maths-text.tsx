// Text with `$...$` spans set as maths, and whole formulas, in plain letters with sub- and superscripts.
import { mathsParts } from './maths.ts';

export const Formula = ({ text }: { text: string }) => (
  <>
    {mathsParts(text).map(({ kind, text }, i) =>
      kind === 'sub' ? <sub key={i}>{text}</sub> : kind === 'sup' ? <sup key={i}>{text}</sup> : text,
    )}
  </>
);

export const MathsText = ({ text }: { text: string }) => (
  <>
    {text.split(/\$([^$]+)\$/).map((part, i) =>
      i % 2 ? (
        <span key={i} className="maths">
          <Formula text={part} />
        </span>
      ) : (
        part
      ),
    )}
  </>
);
