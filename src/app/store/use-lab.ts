// React's way into the lab store: a context and selectors.
import { createContext, useContext, useMemo } from 'react';
import { useStore } from 'zustand';
import { armStyles, type ArmStyle } from '../../pictures/arm-colors.ts';
import type { ArmInfo } from '../../labs/_kit/contract/meta.ts';
import type { ArmResult } from '../../labs/_kit/contract/result.ts';
import { RECORDED, type LabState, type LabStore } from './lab-store.ts';

export const LabContext = createContext<LabStore | null>(null);

export function useLabStore(): LabStore {
  const store = useContext(LabContext);
  if (!store) throw new Error('internal: useLabStore: expected a LabContext around; got none');
  return store;
}

export const useLab = <T>(select: (state: LabState) => T): T => useStore(useLabStore(), select);

/** The visitor has made a run (or is making one): the recording steps back. */
export const isLive = (state: LabState): boolean => state.used !== null;

const NONE: ArmResult[] = [];
/** The run in front: the visitor's, or the recording before there is one. */
export const shownArms = (state: LabState): ArmResult[] =>
  isLive(state) ? state.arms : (state.recorded?.arms ?? NONE);

/** The run drawn behind, as chosen. */
export function ghostArms(state: LabState): ArmResult[] {
  if (state.ghost === RECORDED) return isLive(state) ? (state.recorded?.arms ?? NONE) : NONE;
  return state.pins.find((pin) => pin.id === state.ghost)?.result.arms ?? NONE;
}

/** The arm in front of the others: under the pointer, else the one that was locked. */
export const frontArm = (state: LabState): string | null => state.hovered ?? state.locked;

/** Every arm of the page, also those that only a recording or a kept run has. */
function allArms(infos: readonly ArmInfo[], ...runs: ArmResult[][]): ArmInfo[] {
  const known = new Map(infos.map((arm) => [arm.id, arm]));
  for (const arm of runs.flat())
    if (!known.has(arm.id)) known.set(arm.id, { id: arm.id, label: arm.label, role: 'baseline', x: arm.x });
  return [...known.values()];
}

export interface ArmLook {
  infos: ArmInfo[];
  styles: Record<string, ArmStyle>;
}

export function useArmLook(): ArmLook {
  const infos = useLab((state) => state.armInfos);
  const shown = useLab(shownArms);
  const ghost = useLab(ghostArms);
  const meta = useLab((state) => state.meta);
  return useMemo(() => {
    // The meta's arms come first, so that an arm keeps its colour whatever the run announces.
    const all = allArms(
      [...meta.arms, ...infos.filter((arm) => !meta.arms.some((known) => known.id === arm.id))],
      shown,
      ghost,
    );
    return { infos: all, styles: armStyles(all) };
  }, [infos, shown, ghost, meta]);
}
