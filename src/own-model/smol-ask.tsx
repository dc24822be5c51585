// A photo and a question for SmolVLM; both answers, and the photo with the patches that stay lit.
import { useEffect, useId, useRef, useState } from 'react';
import type { SmolAnswer } from './protocol.ts';
import { CELLS, placeOfToken, tileCount } from './smol-prompt.ts';
import type { Asked } from './use-own-model.ts';

interface Photo {
  blob: File;
  id: string;
  bitmap: ImageBitmap;
}

export function SmolAsk({
  ask,
  answer,
  isBusy,
}: {
  ask(asked: Asked): void;
  answer: SmolAnswer | null;
  isBusy: boolean;
}) {
  const id = useId();
  const [photo, setPhoto] = useState<Photo | null>(null);
  const [problem, setProblem] = useState('');
  const [question, setQuestion] = useState('What is in this picture?');
  const [split, setSplit] = useState(false);
  const choose = (blob: File) =>
    createImageBitmap(blob).then(
      (bitmap) => {
        setProblem('');
        setPhoto({ blob, bitmap, id: `${blob.name}:${blob.size}:${blob.lastModified}` });
      },
      () =>
        setProblem(`"${blob.name}" is not a picture that this browser can read. Choose a PNG, JPEG, WebP or GIF file.`),
    );
  return (
    <div className="own-ask">
      <div className="own-row">
        <div className="own-field">
          <label htmlFor={`${id}-photo`}>Photo</label>
          <input
            id={`${id}-photo`}
            type="file"
            accept="image/*"
            disabled={isBusy}
            onChange={(e) => {
              const [file] = e.target.files ?? [];
              if (file) void choose(file);
            }}
          />
        </div>
        <div className="own-field">
          <label htmlFor={`${id}-split`}>Seen as</label>
          <select
            id={`${id}-split`}
            value={split ? 'many' : 'one'}
            disabled={isBusy}
            onChange={(e) => setSplit(e.target.value === 'many')}
          >
            <option value="one">one tile, 64 tokens</option>
            <option value="many">many tiles, up to 1,088 tokens (slow to see)</option>
          </select>
        </div>
      </div>
      <div className="own-field">
        <label htmlFor={`${id}-question`}>Question</label>
        <input
          id={`${id}-question`}
          className="own-question"
          type="text"
          maxLength={300}
          value={question}
          disabled={isBusy}
          onChange={(e) => setQuestion(e.target.value)}
        />
      </div>
      <p className="pd-problem" role="alert">
        {problem}
      </p>
      <button
        type="button"
        className="button solid"
        disabled={isBusy || !photo || !question.trim()}
        onClick={() => photo && ask({ photo: photo.blob, photoId: photo.id, split, question })}
      >
        Ask
      </button>
      {photo && <KeptPatches bitmap={photo.bitmap} answer={answer} />}
      {answer && (
        <dl className="own-answers" data-testid="own-answers">
          <div>
            <dt>All tokens</dt>
            <dd>{answer.full || '(nothing)'}</dd>
          </div>
          <div>
            <dt>PyramidDrop</dt>
            <dd>{answer.pdrop || '(nothing)'}</dd>
          </div>
        </dl>
      )}
      {answer && (
        <p className="tiny quiet">
          Seeing the picture took {(answer.visionMs / 1000).toFixed(1)} s, once; it is not in the times below. What is
          compared is agreement with the full model, not truth.
        </p>
      )}
    </div>
  );
}

const WIDTH = 480;
/** The photo at each stage: patches that stay are lit, tile by tile and in the whole picture. */
function KeptPatches({ bitmap, answer }: { bitmap: ImageBitmap; answer: SmolAnswer | null }) {
  const [stage, setStage] = useState(0);
  const canvas = useRef<HTMLCanvasElement>(null);
  const height = Math.max(1, Math.round((WIDTH * bitmap.height) / bitmap.width));
  const stages = answer?.keptTokens.length ?? 0;
  const kept = answer?.keptTokens[Math.min(stage, stages) - 1] ?? null;
  useEffect(() => {
    const pen = canvas.current!.getContext('2d')!;
    pen.globalAlpha = 1;
    pen.drawImage(bitmap, 0, 0, WIDTH, height);
    if (!kept || !answer) return;
    const { rows, columns } = answer.tiling;
    const whole = tileCount(answer.tiling) - 1;
    const lit = new Set<string>();
    // a patch of the whole picture covers many cells of the tiles: each layer of tokens dims what it dropped
    for (const token of kept) {
      const { tile, x, y } = placeOfToken(token);
      lit.add(
        tile === whole
          ? `whole ${x} ${y}`
          : `${(tile % columns) * CELLS + x} ${Math.floor(tile / columns) * CELLS + y}`,
      );
    }
    pen.fillStyle = '#000';
    const dim = (across: number, down: number, prefix: string, alpha: number) => {
      pen.globalAlpha = alpha;
      for (let y = 0; y < down; y++)
        for (let x = 0; x < across; x++)
          if (!lit.has(`${prefix}${x} ${y}`))
            pen.fillRect((x * WIDTH) / across, (y * height) / down, WIDTH / across + 0.5, height / down + 0.5);
    };
    if (rows > 0) dim(columns * CELLS, rows * CELLS, '', 0.55);
    dim(CELLS, CELLS, 'whole ', rows > 0 ? 0.25 : 0.7);
  }, [bitmap, height, kept, answer]);
  const count = kept?.length ?? (answer ? answer.report.imageTokens : 0);
  return (
    <div className="own-photo">
      <canvas
        ref={canvas}
        width={WIDTH}
        height={height}
        role="img"
        aria-label={
          answer
            ? `The photo after ${stage} cuts: ${count} of ${answer.report.imageTokens} image tokens stay`
            : 'The chosen photo'
        }
      />
      {answer && stages > 0 && (
        <label className="small">
          After cut{' '}
          <input
            type="range"
            min={0}
            max={stages}
            step={1}
            value={Math.min(stage, stages)}
            onChange={(e) => setStage(Number(e.target.value))}
            aria-valuetext={`${stage}: ${count} image tokens`}
          />{' '}
          <span className="num">
            {stage}: {count} tokens
          </span>
        </label>
      )}
    </div>
  );
}
