// Text with `$...$` spans as formulas, and whole equations: MathML that the build has set (tools/vite/lab-maths.ts).
import { createContext, useContext } from 'react';
import './maths.css';

/** MathML by its TeX, of the lab on show. */
export const MathsContext = createContext<Readonly<Record<string, string>>>({});

/** The TeX itself where the build has not seen it. */
export function Formula({ text }: { text: string }) {
  const maths = useContext(MathsContext);
  const mathml = Object.hasOwn(maths, text) ? maths[text] : null;
  return mathml === null ? (
    <code translate="no">{text}</code>
  ) : (
    <span className="maths" translate="no" dangerouslySetInnerHTML={{ __html: mathml }} />
  );
}

export const MathsText = ({ text }: { text: string }) => (
  <>{text.split(/\$([^$]+)\$/).map((part, i) => (i % 2 ? <Formula key={i} text={part} /> : part))}</>
);
