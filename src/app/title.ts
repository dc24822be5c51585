// The title of the tab, by page.
import { useEffect } from 'react';

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · Paper Playground` : 'Paper Playground';
  }, [title]);
}
