// The width of an element as it is laid out, for pictures that draw to measure; known before the first paint.
import { useLayoutEffect, useRef, useState, type RefObject } from 'react';

const LEAST = 120;

/** Give the ref to an element without padding. */
export function useWidth<T extends HTMLElement>(start = 320): [RefObject<T | null>, number] {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(start);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => setWidth(Math.max(LEAST, Math.floor(element.clientWidth)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}
