// One lab: loads what its folder gives, opens its store, and keeps address, keyboard and announcements in step with it.
import { useEffect, useState } from 'react';
import type { LabMeta } from '../../labs/_kit/contract/meta.ts';
import type { RunResult } from '../../labs/_kit/contract/result.ts';
import { decodeLink } from '../link.ts';
import { paperOf } from '../../labs/catalog.ts';
import { isLive, loadMaths, loadMeta, loadRecorded } from '../../labs/load.ts';
import { EmbedLayout, PageLayout, PresentLayout } from '../panels/lab-layouts.tsx';
import { MathsContext } from '../parts/maths-text.tsx';
import { labHref, writeAddress } from '../router.ts';
import { createLabStore, type Client, type LabStore } from '../store/lab-store.ts';
import { storage } from '../store/storage.ts';
import { syncLink } from '../store/link-sync.ts';
import { syncPins } from '../store/pin-sync.ts';
import { loadLast, loadPins, runName } from '../store/pins.ts';
import { splitRun, unpackRun } from '../store/run-file.ts';
import { useAnnouncements, useSpaceKey } from '../store/use-run-keys.ts';
import { LabContext, useLab } from '../store/use-lab.ts';
import { useTitle } from '../title.ts';
import { LostPage } from './lost-page.tsx';
import '../styles/lab.css';
import '../styles/charts.css';

let shared: Promise<Client> | null = null;
/** One worker serves the whole visit; its code loads with the first run or question. */
const sharedClient = (): Promise<Client> =>
  (shared ??= import('../../runtime/wire/client.ts').then(
    (module) => module.createLabClient(),
    (error) => {
      shared = null;
      throw error;
    },
  ));

interface Loaded {
  meta: LabMeta;
  maths: Record<string, string>;
  recorded: RunResult | null;
  notices: string[];
}

async function load(slug: string): Promise<Loaded | null> {
  const notices: string[] = [];
  const [meta, maths, recorded] = await Promise.all([
    loadMeta(slug),
    loadMaths(slug),
    loadRecorded(slug).catch(() => {
      notices.push('The recorded run did not arrive; reload the page to see it. You can run the lab all the same.');
      return null;
    }),
  ]);
  return meta && { meta, maths, recorded, notices };
}

export default function LabPage({ slug, query }: { slug: string; query: string }) {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [failure, setFailure] = useState<Error | null>(null);
  useEffect(() => {
    let isGone = false;
    load(slug).then(
      (found) => {
        if (!isGone) setLoaded(found);
      },
      (error: Error) => {
        if (!isGone) setFailure(error);
      },
    );
    return () => {
      isGone = true;
    };
  }, [slug]);
  if (!isLive(slug)) return <Unknown slug={slug} />;
  if (failure) throw failure;
  return loaded ? (
    <MathsContext value={loaded.maths}>
      <OpenLab loaded={loaded} query={query} />
    </MathsContext>
  ) : (
    <p className="waiting">Opening the lab…</p>
  );
}

/** A lab that is not there: coming, or never heard of. */
function Unknown({ slug }: { slug: string }) {
  const paper = paperOf(slug);
  return paper ? (
    <LostPage
      what={`“${paper.name}” is not live yet.`}
      hint={`The lab for ${paper.title} (${paper.authors}, ${paper.year}) is still to be built. Others are ready.`}
    />
  ) : (
    <LostPage what={`There is no lab “${slug.slice(0, 40)}”.`} />
  );
}

function openStore({ meta, recorded, notices }: Loaded, query: string): LabStore {
  const { notices: told, ...experiment } = decodeLink(meta, splitRun(query).query);
  const kept = loadPins(storage, meta);
  return createLabStore({
    meta,
    recorded,
    experiment,
    notices: [...notices, ...told, ...kept.notices],
    pins: kept.pins,
    last: loadLast(storage, meta),
    client: sharedClient,
  });
}

/** Shows the run that a link brings. Nothing is written to the device unless the visitor keeps it. */
async function takeRun(store: LabStore, query: string): Promise<void> {
  const { meta } = store.getState();
  const { packed } = splitRun(query);
  if (packed === null) return;
  const read = await unpackRun(meta, packed);
  if ('problem' in read) return store.apply({}, [read.problem]);
  store.addRun(read.run, `${runName(meta, read.run)}, from a link`, true);
  store.apply({}, [
    'This link brought a run: it stands under Runs until the page is closed (Keep keeps it), and its curves are drawn behind yours.',
  ]);
}

function OpenLab({ loaded, query }: { loaded: Loaded; query: string }) {
  const [store] = useState(() => openStore(loaded, query));
  const { slug, title } = loaded.meta;
  const [sync, setSync] = useState<ReturnType<typeof syncLink> | null>(null);
  useTitle(title);
  useEffect(() => {
    const made = syncLink(store, (text, how) => writeAddress(labHref(slug, text), how));
    setSync(made);
    return () => made.stop();
  }, [store, slug]);
  useEffect(() => {
    void takeRun(store, query);
  }, [store, query]);
  useEffect(() => sync?.arrive(splitRun(query).query), [sync, query]);
  useEffect(() => syncPins(store, storage, window), [store]);
  useEffect(
    () => () => {
      void store.dispose();
    },
    [store],
  );
  useSpaceKey(store);
  useAnnouncements(store);
  return (
    <LabContext value={store}>
      <Layout />
    </LabContext>
  );
}

function Layout() {
  const layout = useLab((state) => state.layout);
  return layout === 'embed' ? <EmbedLayout /> : layout === 'present' ? <PresentLayout /> : <PageLayout />;
}
