// The width of an element as it is laid out, for charts that draw to measure.
import { useEffect, useRef, useState, type RefObject } from 'react';

export function useWidth<T extends HTMLElement>(start = 600): [RefObject<T | null>, number] {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(start);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(120, Math.floor(entry.contentRect.width))));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}

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
