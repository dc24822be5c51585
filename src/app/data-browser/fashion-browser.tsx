// Browses a set of labelled images by split, class and size, one shard at a time.
import { useCallback, useMemo, useState } from 'react';
import type { DataSplit, LabelledDataset, SplitName } from '../../data/types.ts';
import { formatBytes } from '../format.ts';
import { counted, pageData, useLoaded } from './page-data.ts';
import { PictureList } from './picture-list.tsx';
import { greyPicture, Sprite } from './sprite.tsx';
import { Waiting } from './waiting.tsx';

const SPLITS: SplitName[] = ['train', 'validation', 'test'];

export function FashionBrowser({ set }: { set: LabelledDataset }) {
  const [split, setSplit] = useState<SplitName>('test');
  const [shards, setShards] = useState(1);
  const [label, setLabel] = useState<number | null>(null);
  const side = set.shape[1];
  const [size, setSize] = useState(side);
  const rows = set.splits[split].shards.slice(0, shards).reduce((sum, shard) => sum + shard.rows, 0);
  const loaded = useLoaded(`${set.id} ${split} ${rows} ${size}`, () => pageData.split(set.id, split, { rows, size }));
  const next = set.splits[split].shards[shards];
  return (
    <div className="browser">
      <form className="filters browser-controls" onSubmit={(event) => event.preventDefault()}>
        <label>
          <span className="tiny quiet">Class</span>
          <select
            value={label ?? ''}
            onChange={(event) => setLabel(event.target.value === '' ? null : Number(event.target.value))}
          >
            <option value="">All classes</option>
            {set.classes.map((name, i) => (
              <option key={name.en} value={i}>
                {name.en} · {name.zh}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span className="tiny quiet">Split</span>
          <select
            value={split}
            onChange={(event) => {
              setSplit(event.target.value as SplitName);
              setShards(1);
            }}
          >
            {SPLITS.map((name) => (
              <option key={name} value={name}>
                {name}, {set.splits[name].rows.toLocaleString('en')} images
              </option>
            ))}
          </select>
        </label>
        <label>
          <span className="tiny quiet">Pixels</span>
          <select value={size} onChange={(event) => setSize(Number(event.target.value))}>
            {[side, side / 2].map((pixels) => (
              <option key={pixels} value={pixels}>
                {pixels} × {pixels}
                {pixels === side ? '' : ', averaged'}
              </option>
            ))}
          </select>
        </label>
      </form>
      {loaded.state === 'ready' ? (
        <Rows set={set} split={split} data={loaded.value} label={label} />
      ) : (
        <Waiting of={loaded} what={`${set.title.en}, ${split}`} />
      )}
      {next && loaded.state === 'ready' && (
        <p className="small quiet">
          {counted(rows, 'image')} of {set.splits[split].rows.toLocaleString('en')} loaded.{' '}
          <button type="button" className="button small" onClick={() => setShards(shards + 1)}>
            Load {next.rows.toLocaleString('en')} more ({formatBytes(next.bytes)})
          </button>
        </p>
      )}
    </div>
  );
}

function Rows({
  set,
  split,
  data,
  label,
}: {
  set: LabelledDataset;
  split: SplitName;
  data: DataSplit;
  label: number | null;
}) {
  const [chosen, setChosen] = useState<number>();
  const ids = useMemo(
    () => Array.from(data.labels.keys()).filter((row) => label === null || data.labels[row] === label),
    [data, label],
  );
  const size = data.shape[1];
  const row = chosen !== undefined && ids.includes(chosen) ? chosen : ids[0];
  const describe = useCallback(
    (id: number) => ({
      id,
      label: `${set.classes[data.labels[id]].en}, row ${id}`,
      picture: greyPicture(data.values.subarray(id * size * size, (id + 1) * size * size), size),
    }),
    [data, set, size],
  );
  const name = set.classes[data.labels[row]];
  return (
    <div className="browser-body">
      <aside className="browser-detail" aria-label="Chosen image">
        <Sprite picture={describe(row).picture} label={name.en} />
        <div>
          <p className="browser-name">
            {name.en}{' '}
            <span lang="zh" className="quiet">
              {name.zh}
            </span>
          </p>
          <p className="small quiet num">
            {split}, row {row}; label {data.labels[row]}; {size} × {size} grey pixels
          </p>
        </div>
      </aside>
      <div>
        <p className="small quiet num" role="status">
          {counted(ids.length, 'image')}
          {label === null ? '' : ` of ${set.classes[label].en}`}
        </p>
        <PictureList
          label={label === null ? `Images of ${split}` : `${set.classes[label].en} in ${split}`}
          ids={ids}
          describe={describe}
          chosen={row}
          onChoose={setChosen}
        />
      </div>
    </div>
  );
}
