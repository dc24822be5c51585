// A button that opens a short list of actions; closes on choice, Escape, or a press elsewhere.
import { useEffect, useRef, type ReactNode } from 'react';

export interface MenuItem {
  label: string;
  run(): void;
  hidden?: boolean;
}

export function Menu({
  label,
  icon,
  items,
  small = false,
}: {
  label: string;
  icon: ReactNode;
  items: MenuItem[];
  small?: boolean;
}) {
  const details = useRef<HTMLDetailsElement>(null);
  const close = () => {
    if (details.current) details.current.open = false;
  };
  useEffect(() => {
    const away = (event: PointerEvent) => {
      if (!details.current?.contains(event.target as Node)) close();
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, []);
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key !== 'Escape' || !details.current?.open) return;
    event.stopPropagation();
    close();
    details.current.querySelector('summary')?.focus();
  };
  return (
    <details ref={details} className="menu" onKeyDown={onKeyDown}>
      <summary className={small ? 'button plain small' : 'button plain'} aria-label={label} title={label}>
        {icon}
      </summary>
      <ul className="menu-list">
        {items
          .filter((item) => !item.hidden)
          .map((item) => (
            <li key={item.label}>
              <button
                type="button"
                className="button plain"
                onClick={() => {
                  close();
                  item.run();
                }}
              >
                {item.label}
              </button>
            </li>
          ))}
      </ul>
    </details>
  );
}
