// The arms by name: pointing at one brings it forward everywhere, pressing keeps it there.
import { shownArms, useArmLook, useLab, useLabStore } from '../store/use-lab.ts';
import { ArmKey } from '../../pictures/marker.tsx';

export function Legend() {
  const store = useLabStore();
  const arms = useLab(shownArms);
  const meta = useLab((state) => state.meta);
  const locked = useLab((state) => state.locked);
  const hovered = useLab((state) => state.hovered);
  const { styles } = useArmLook();
  const listed = arms.length ? arms : meta.arms;
  return (
    <ul className="legend" aria-label="Arms" onPointerLeave={() => store.hover(null)}>
      {listed.map((arm) => (
        <li key={arm.id}>
          <button
            type="button"
            aria-pressed={locked === arm.id}
            data-front={hovered === arm.id || undefined}
            onClick={() => store.lock(arm.id)}
            title="Keep this arm in front"
            onPointerEnter={() => store.hover(arm.id)}
            onFocus={() => store.hover(arm.id)}
            onBlur={() => store.hover(null)}
          >
            <ArmKey style={styles[arm.id]} />
            {arm.label}
          </button>
        </li>
      ))}
    </ul>
  );
}
