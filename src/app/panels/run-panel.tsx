// Starts, pauses, steps and ends a run, and says what it is doing. Its height stays the same from rest to finish.
import type { Phase } from '../../runtime/wire/protocol.ts';
import { formatMs, formatSeconds } from '../format.ts';
import { Icon } from '../parts/icon.tsx';
import { can, isActive, type RunPhase } from '../store/run-machine.ts';
import { useLab, useLabStore } from '../store/use-lab.ts';

export function RunPanel({ openSettings }: { openSettings?: () => void }) {
  const failure = useLab((state) => state.failure);
  if (isSandboxed()) return <RecordingOnly />;
  return (
    <section className="run" aria-label="Run">
      <Progress />
      <div className="run-buttons">
        <Buttons />
        {openSettings && (
          <button type="button" className="button" onClick={openSettings}>
            <Icon name="knobs" />
            Settings
          </button>
        )}
      </div>
      {failure && <Failure />}
    </section>
  );
}

/** A sandboxed frame has no origin of its own, and then browsers give it no workers. */
const isSandboxed = (): boolean => window.origin === 'null';

const RecordingOnly = () => (
  <section className="run small" aria-label="Run">
    <p>
      This frame shows the recorded run. Training needs a worker, which a sandboxed frame may not have: whoever set up
      the frame can allow it with <code>sandbox="allow-scripts allow-same-origin"</code>, or open the page in a tab of
      its own.
    </p>
  </section>
);

function MainButton({ phase }: { phase: RunPhase }) {
  const store = useLabStore();
  const stopping = useLab((state) => state.stopping);
  if (phase === 'paused')
    return (
      <button type="button" className="button solid" disabled={stopping} onClick={() => void store.resume()}>
        <Icon name="run" />
        Resume
      </button>
    );
  if (isActive(phase))
    return (
      <button type="button" className="button solid" disabled={stopping} onClick={() => void store.pause()}>
        <Icon name="pause" />
        Pause
      </button>
    );
  return (
    <button type="button" className="button solid" onClick={() => void store.run()}>
      <Icon name="run" />
      Run
    </button>
  );
}

function Buttons() {
  const store = useLabStore();
  const phase = useLab((state) => state.phase);
  const stopping = useLab((state) => state.stopping);
  const stepping = useLab((state) => state.stepping);
  return (
    <>
      <MainButton phase={phase} />
      <button
        type="button"
        className="button"
        disabled={stopping || stepping || (isActive(phase) && phase !== 'paused')}
        onClick={() => void store.step()}
        title="One unit of work, then pause"
      >
        <Icon name="step" />
        Step
      </button>
      <button
        type="button"
        className="button"
        disabled={!isActive(phase) || stopping}
        onClick={() => void store.stop()}
      >
        <Icon name="stop" />
        Stop
      </button>
      <button
        type="button"
        className="button"
        disabled={!can(phase, 'reset') || isActive(phase)}
        onClick={() => void store.reset()}
        title="Clear this run and show the recording again"
      >
        <Icon name="reset" />
        Reset
      </button>
    </>
  );
}

const RESTING: Partial<Record<RunPhase, string>> = {
  idle: 'Ready. The curves show the recorded run.',
  paused: 'Paused',
  stopped: 'Stopped. The curves stay as they are.',
  failed: 'The run ended early.',
};

function Progress() {
  const progress = useLab((state) => state.progress);
  const phase = useLab((state) => state.phase);
  const status = useLab(statusText);
  const isSilent = useLab((state) => state.silent);
  const workers = useLab((state) => state.divided?.of ?? 1);
  const share = phase === 'finished' ? 1 : progress ? progress.done / Math.max(1, progress.total) : 0;
  const isWaiting = phase === 'preparing' && !progress;
  return (
    <div className="progress" data-phase={phase}>
      <progress aria-label="Progress of the run" max={1} value={isWaiting ? undefined : share} />
      <p className="progress-text">{status}</p>
      <p className="progress-numbers num">
        {progress ? (
          <>
            <span>
              {progress.done.toLocaleString('en')} of {progress.total.toLocaleString('en')}
            </span>
            <span>
              {progress.stepMs > 0 ? `${formatMs(progress.stepMs)} a step` : ''}
              {workers > 1 ? ` in each of ${workers} workers` : ''}
            </span>
            <span>{isActive(phase) && progress.stepMs > 0 ? timeLeft(progress.leftMs, isSilent) : ''}</span>
          </>
        ) : (
          <span>&nbsp;</span>
        )}
      </p>
    </div>
  );
}

/** A worker that does not answer makes no progress: nothing can be foretold. */
const timeLeft = (leftMs: number, isSilent: boolean): string =>
  isSilent ? 'waiting for a worker' : `${formatSeconds(leftMs / 1000)} left`;

/** Phases whose text is stale once training goes on. */
const PREPARATIONS: readonly Phase[] = ['engine', 'data', 'compile'];

const statusText = (state: Parameters<Parameters<typeof useLab>[0]>[0]): string => {
  if (state.stopping) return 'Stopping…';
  if (state.stepping) return 'One step of every model…';
  if (state.phase === 'finished') return `Finished in ${formatMs(state.result?.wallMs ?? 0)}`;
  if (state.phase === 'idle' && !state.recorded) return 'Ready. There is no recorded run yet.';
  const resting = RESTING[state.phase];
  if (resting) return resting;
  const { text = 'Starting', fraction } =
    (state.phase === 'running' && state.status && PREPARATIONS.includes(state.status.phase)
      ? { text: 'Training' }
      : state.status) ?? {};
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}${fraction === undefined ? '' : ` · ${Math.round(100 * fraction)} %`}`;
};

/** With a capital and a full stop. */
const sentence = (text: string): string =>
  text === '' ? '' : `${text[0].toUpperCase()}${text.slice(1)}${/[.!?…]$/.test(text) ? '' : '.'}`;

function Failure() {
  const store = useLabStore();
  const failure = useLab((state) => state.failure);
  const checkpoint = useLab((state) => state.checkpoint);
  if (!failure) return null;
  const canGoOn = failure.resumable && checkpoint !== null;
  return (
    <div className="message failure" data-tone="bad" role="alert">
      <p>
        <strong>{sentence(failure.message.replace(failure.remedy, '').replace(/[\s.]+$/, ''))}</strong>
      </p>
      <p>{sentence(failure.remedy)}</p>
      <div className="run-buttons">
        {canGoOn && (
          <button type="button" className="button solid" onClick={() => void store.goOn()}>
            Go on from step {checkpoint.done.toLocaleString('en')}
          </button>
        )}
        <button type="button" className="button" onClick={() => void store.run()}>
          Start again
        </button>
      </div>
    </div>
  );
}
