// What a lab's default run costs on the visitor's device, as far as the page can tell without loading the engine.
import { useEffect, useState } from 'react';
import type { LabCard } from './summary.ts';

/** A run that ends within this time runs well. */
export const WELL_SECONDS = 120;

let asked: Promise<boolean> | null = null;
async function hasGraphicsCard(): Promise<boolean> {
  try {
    const adapter = await globalThis.navigator?.gpu?.requestAdapter();
    return Boolean(adapter) && !(adapter!.info as GPUAdapterInfo & { isFallbackAdapter?: boolean })?.isFallbackAdapter;
  } catch {
    return false;
  }
}

/** Whether the browser offers WebGPU on a graphics card. False until it has said so, and while `isWanted` is false. */
export function useGraphicsCard(isWanted: boolean): boolean {
  const [has, setHas] = useState(false);
  useEffect(() => {
    if (!isWanted) return;
    let isGone = false;
    void (asked ??= hasGraphicsCard()).then((found) => {
      if (!isGone) setHas(found);
    });
    return () => {
      isGone = true;
    };
  }, [isWanted]);
  return has;
}

/** Seconds of the default run, as measured: on a graphics card where there is one and the lab was measured on one. */
export const secondsHere = ({ cost }: Pick<LabCard, 'cost'>, hasGpu: boolean): number =>
  hasGpu ? Math.min(cost.gpuSeconds ?? Infinity, cost.cpuSeconds) : cost.cpuSeconds;
