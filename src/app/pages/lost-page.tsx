// What a visitor sees at an address that leads nowhere, with the way back.
import { Icon } from '../parts/icon.tsx';
import { useTitle } from '../title.ts';

export function LostPage({ what, hint }: { what: string; hint?: string }) {
  useTitle('Not found');
  return (
    <section className="lost">
      <h1 className="page-title">{what}</h1>
      <p className="page-lead">{hint ?? 'The address may be mistyped or come from another version of this page.'}</p>
      <a className="button solid" href="#/">
        <Icon name="arrow" />
        See all labs
      </a>
    </section>
  );
}
