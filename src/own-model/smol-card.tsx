// The offer to load SmolVLM: what it is, from where, how large, under which licence. Nothing is fetched before the button is pressed.
import { useId, useState } from 'react';
import type { ForeignBackend } from '../onnx/rewrite/session.ts';
import type { GpuFacts } from './protocol.ts';
import { PARTS, SMOL } from './smol-files.ts';

export function SmolCard({
  gpu,
  isBusy,
  load,
  forget,
}: {
  gpu: GpuFacts | null;
  isBusy: boolean;
  load(backend: ForeignBackend): void;
  forget(): void;
}) {
  const id = useId();
  const [agreed, setAgreed] = useState(false);
  const backend: ForeignBackend = gpu?.isAvailable && !gpu.isSoftware ? 'webgpu' : 'wasm';
  return (
    <div>
      <h3>{SMOL.name}</h3>
      <p className="small">
        A real vision-language model by {SMOL.owner}, licence {SMOL.licence}, from{' '}
        <a href={SMOL.page} rel="noreferrer">
          huggingface.co
        </a>
        : about {PARTS.single.megabytes} to {PARTS.half.megabytes} MB, kept in this browser afterwards.
        {backend === 'wasm' ? ' On a processor it answers slowly.' : ''} Not tried yet by us on the real files: see the
        project's docs.
      </p>
      <label className="own-consent small" htmlFor={`${id}-agree`}>
        <input id={`${id}-agree`} type="checkbox" checked={agreed} onChange={(e) => setAgreed(e.target.checked)} />{' '}
        Download it from huggingface.co, which then sees my address
      </label>
      <div className="own-row">
        <button type="button" className="button" disabled={isBusy || !agreed} onClick={() => load(backend)}>
          Load SmolVLM
        </button>
        <button type="button" className="button plain small" disabled={isBusy} onClick={forget}>
          Remove kept files
        </button>
      </div>
    </div>
  );
}
