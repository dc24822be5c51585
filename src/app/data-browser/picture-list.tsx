// A page of pictures as a list box: arrow keys move between them, Page up and Page down turn pages, and what is focused is chosen.
import { useEffect, useRef, type KeyboardEvent, type SyntheticEvent } from 'react';
import { Sprite, type Picture } from './sprite.tsx';

export interface ListedPicture {
  id: number;
  label: string;
  picture: Picture;
}

interface Props {
  /** Names the list: "Sneakers in train". */
  label: string;
  /** All ids, in order; pictures are asked for as they are shown. */
  ids: number[];
  describe(id: number): ListedPicture;
  chosen: number | undefined;
  onChoose(id: number): void;
}

const PAGE = 90;

/** How many columns the grid has at its present width. */
const columnsOf = (list: HTMLElement): number => getComputedStyle(list).gridTemplateColumns.split(' ').length;

/** The position that a key leads to; null when the key is not ours. */
export function nextPosition(key: string, at: number, count: number, columns: number): number | null {
  const target = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    ArrowDown: at + columns,
    ArrowUp: at - columns,
    PageDown: at + PAGE,
    PageUp: at - PAGE,
    Home: 0,
    End: count - 1,
  }[key];
  if (target === undefined || count === 0) return null;
  const isLine = key === 'ArrowDown' || key === 'ArrowUp';
  return isLine && (target < 0 || target >= count) ? at : Math.max(0, Math.min(count - 1, target));
}

export function PictureList({ label, ids, describe, chosen, onChoose }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const isMoving = useRef(false);
  const at = Math.max(0, chosen === undefined ? 0 : ids.indexOf(chosen));
  const page = Math.floor(at / PAGE);
  useEffect(() => {
    if (isMoving.current) list.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
    isMoving.current = false;
  }, [chosen]);

  const move = (event: KeyboardEvent) => {
    const to = nextPosition(event.key, at, ids.length, columnsOf(list.current!));
    if (to === null || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    isMoving.current = to !== at;
    onChoose(ids[to]);
  };
  const choose = (event: SyntheticEvent) => {
    const option = (event.target as HTMLElement).closest<HTMLElement>('[data-id]');
    if (option && Number(option.dataset.id) !== ids[at]) onChoose(Number(option.dataset.id));
  };
  if (ids.length === 0) return null;
  return (
    <>
      <div
        ref={list}
        className="pictures"
        role="listbox"
        tabIndex={-1}
        aria-label={label}
        onKeyDown={move}
        onClick={choose}
        onFocus={choose}
      >
        {ids.slice(page * PAGE, (page + 1) * PAGE).map((id) => (
          <Option key={id} listed={describe(id)} isChosen={id === ids[at]} />
        ))}
      </div>
      <Pager page={page} pages={Math.ceil(ids.length / PAGE)} onTurn={(to) => onChoose(ids[to * PAGE])} />
    </>
  );
}

const Option = ({ listed: { id, label, picture }, isChosen }: { listed: ListedPicture; isChosen: boolean }) => (
  <div
    role="option"
    data-id={id}
    aria-selected={isChosen}
    aria-label={label}
    title={label}
    tabIndex={isChosen ? 0 : -1}
  >
    <Sprite picture={picture} />
  </div>
);

function Pager({ page, pages, onTurn }: { page: number; pages: number; onTurn(page: number): void }) {
  if (pages < 2) return null;
  return (
    <p className="pager">
      <button type="button" className="button" disabled={page === 0} onClick={() => onTurn(page - 1)}>
        Previous
      </button>
      <span className="num small" role="status">
        Page {page + 1} of {pages}
      </span>
      <button type="button" className="button" disabled={page === pages - 1} onClick={() => onTurn(page + 1)}>
        Next
      </button>
    </p>
  );
}
