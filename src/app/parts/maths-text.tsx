// Text with `$...$` spans set as maths, in plain letters.

export const MathsText = ({ text }: { text: string }) => (
  <>{text.split(/\$([^$]+)\$/).map((part, i) => i % 2 ? <span key={i} className="maths">{part}</span> : part)}</>
);
