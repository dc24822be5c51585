// The thumbnail of a lab's recorded picture: from its thumbnail.ts where it has one, else from its first view.
import { thumbnailOf, type ThumbnailOf, type ThumbSource } from '../../src/pictures/thumbnail.ts';
import type { LabMeta } from '../../src/labs/_kit/contract/meta.ts';
import type { RunResult } from '../../src/labs/_kit/contract/result.ts';
import type { Thumbnail } from '../../src/app/gallery/summary.ts';
import { readFrames } from '../../src/pictures/read-payload.ts';
import { png } from './png.ts';

/** The newest frame of a payload that has frames. */
const newest = (payload: unknown): unknown => {
  const framed = readFrames(payload);
  return framed ? framed.frames[framed.frames.length - 1].picture : payload;
};

/** The first view's payload as a source; null where it draws curves or a table. */
function firstView(meta: LabMeta, pictures: Record<string, unknown>): ThumbSource | null {
  const [view] = meta.views;
  if (!view || !('picture' in view) || view.kind === 'table' || !pictures[view.picture]) return null;
  return { kind: view.kind, picture: newest(pictures[view.picture]), label: view.title } as ThumbSource;
}

/** Null where the curves are to be drawn instead. */
export function pictureThumbnail(meta: LabMeta, recorded: RunResult, own?: ThumbnailOf): Thumbnail | null {
  const pictures = recorded.pictures ?? {};
  const source = own?.(pictures) ?? firstView(meta, pictures);
  const thumb = source && thumbnailOf(source);
  if (thumb?.kind !== 'pixels') return thumb;
  const { width, height, rgb, label } = thumb;
  return {
    kind: 'image',
    width,
    height,
    href: `data:image/png;base64,${png(width, height, rgb).toString('base64')}`,
    label,
  };
}
