// Suggestions: each sets a few knobs.
import type { Knobs } from '../../labs/_kit/contract/meta.ts';
import { defaultKnobs } from '../../labs/_kit/contract/knobs.ts';
import { announce } from '../parts/announcer.tsx';
import { useLab, useLabStore } from '../store/use-lab.ts';

export function TryPanel() {
  const store = useLabStore();
  const meta = useLab((state) => state.meta);
  const knobs = useLab((state) => state.knobs);
  if (!meta.tryThis.length) return null;
  const wanted = (set: object): Knobs => ({ ...defaultKnobs(meta), ...(set as Knobs) });
  return (
    <section aria-labelledby="try-title" className="try">
      <h2 id="try-title" className="panel-title">
        What to try
      </h2>
      <div className="chips">
        {meta.tryThis.map(({ text, set }) => {
          const knobsThen = wanted(set);
          const isSet = Object.keys(knobsThen).every((name) => knobs[name] === knobsThen[name]);
          return (
            <button
              key={text}
              type="button"
              className="chip"
              aria-pressed={isSet}
              onClick={() => {
                store.apply({ knobs: knobsThen });
                announce(
                  `Settings changed: ${Object.keys(set)
                    .map((name) => meta.controls[name]?.label ?? name)
                    .join(', ')}`,
                  true,
                );
              }}
            >
              {text}
            </button>
          );
        })}
      </div>
    </section>
  );
}
