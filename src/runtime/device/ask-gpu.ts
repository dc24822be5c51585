// Asks the browser for a graphics adapter, its description and a device, and never waits for ever: some drivers answer nothing, and
// some offer an adapter and refuse the device. onnxruntime survives neither, so this is asked before it is loaded.
import { EngineError } from '../wire/errors.ts';

/** How long the browser may think about one question. */
const PATIENCE_MS = 6000;
/** The same once a question was left unanswered in this worker. */
const IMPATIENCE_MS = 1000;
let wasSilent = false;

/** @throws EngineError when `answer` neither comes nor fails in time, or fails */
async function answered<T>(what: string, ask: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patienceMs = wasSilent ? IMPATIENCE_MS : PATIENCE_MS;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      wasSilent = true;
      reject(
        new EngineError(
          'unsupported',
          `the browser did not answer within ${patienceMs / 1000} s when asked for ${what}`,
        ),
      );
    }, patienceMs);
  });
  try {
    const answer = await Promise.race([ask(), silence]);
    wasSilent = false;
    return answer;
  } catch (error) {
    if (error instanceof EngineError) throw error;
    const why = (error as { message?: unknown } | null)?.message;
    throw new EngineError('unsupported', `the browser refused ${what}${why ? ` (${String(why)})` : ''}`, {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}

/** The adapter that onnxruntime would get; null where the browser offers none. @throws EngineError */
export const askAdapter = (gpu: GPU): Promise<GPUAdapter | null> =>
  answered('a graphics adapter', () => gpu.requestAdapter());

/** What the adapter is. Browsers before 2024 tell it by a promise. @throws EngineError */
export async function askInfo(adapter: GPUAdapter): Promise<Partial<GPUAdapterInfo>> {
  const older = adapter as GPUAdapter & { requestAdapterInfo?(): Promise<GPUAdapterInfo> };
  if (older.info) return older.info;
  return older.requestAdapterInfo ? answered("the graphics adapter's name", () => older.requestAdapterInfo!()) : {};
}

/** Whether the adapter gives a device, which is given back at once. @throws EngineError in words when it does not */
export async function proveDevice(adapter: GPUAdapter): Promise<void> {
  const device = await answered('a graphics device', () => adapter.requestDevice());
  device.destroy();
}

/** An adapter that gives devices. @throws EngineError in words when there is none */
export async function provenAdapter(): Promise<GPUAdapter> {
  const gpu = globalThis.navigator?.gpu;
  const adapter = gpu && (await askAdapter(gpu));
  if (!adapter)
    throw new EngineError('unsupported', gpu ? 'the browser offers no graphics adapter' : 'this browser has no WebGPU');
  await proveDevice(adapter);
  return adapter;
}
