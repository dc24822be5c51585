// What the visitor should know about a link or a run, until dismissed.
import { Icon } from '../parts/icon.tsx';
import { useLab, useLabStore } from '../store/use-lab.ts';

export function Notices() {
  const store = useLabStore();
  const notices = useLab((state) => state.notices);
  if (!notices.length) return null;
  return (
    <ul className="notice-list" aria-label="Notices">
      {notices.map((text) => (
        <li key={text} className="message" data-tone="note">
          <span>{text}</span>
          <button
            type="button"
            className="button plain small"
            aria-label={`Dismiss: ${text.slice(0, 60)}`}
            onClick={() => store.dismiss(text)}
          >
            <Icon name="close" size={14} />
          </button>
        </li>
      ))}
    </ul>
  );
}
