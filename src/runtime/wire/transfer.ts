// Errors across comlink: by default only name, message and stack survive; ours carry what the visitor needs as well.
import * as comlink from 'comlink';
import { RunError, toWire } from './errors.ts';
import type { WireError } from './protocol.ts';

interface Thrown {
  isError: boolean;
  value: { wire?: WireError };
}

/** Call once on either side before the first message. */
export function registerErrorTransfer(): void {
  const plain = comlink.transferHandlers.get('throw') as comlink.TransferHandler<{ value: unknown }, Thrown>;
  comlink.transferHandlers.set('throw', {
    canHandle: plain.canHandle,
    serialize: (thrown: { value: unknown }) => [{ isError: true, value: { wire: toWire(thrown.value) } }, []],
    deserialize: (thrown: Thrown): never => {
      throw new RunError(thrown.value.wire!);
    },
  } as comlink.TransferHandler<unknown, unknown>);
}
