// Spares charts that are off screen from drawing anew.
import { useEffect, useRef, useState, type RefObject } from 'react';

/** While `isBusy`, the value as it was when the element was last on screen: what is not seen is not drawn anew. */
export function useSeen<T>(ref: RefObject<HTMLElement | null>, value: T, isBusy: boolean): T {
  const [isSeen, setSeen] = useState(true);
  const kept = useRef(value);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new IntersectionObserver(([entry]) => setSeen(entry.isIntersecting), { rootMargin: '120px' });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  if (isSeen || !isBusy) kept.current = value;
  return kept.current;
}
