// Browser translators put every text node into an element of their own, or replace it. React keeps hold of text nodes that
// have siblings, and then updates one that is gone from the page, or fails to remove it. So no text node may have siblings:
// beside an element, a text stands in an element of its own, whose whole content React sets anew when it changes.
import { createElement, Fragment, type ReactNode } from 'react';

/** Elements that hold text alone: their texts are joined. */
const TEXT_ONLY: readonly string[] = ['option', 'title', 'textarea', 'style', 'script'];
/** Elements of a drawing, in which text stands in a tspan. */
const SVG_TEXT: readonly string[] = ['text', 'tspan', 'textPath'];

const isText = (child: ReactNode): child is string | number | bigint =>
  (typeof child === 'string' && child !== '') || typeof child === 'number' || typeof child === 'bigint';
const isNothing = (child: ReactNode): boolean =>
  child === null || child === undefined || typeof child === 'boolean' || child === '';

/** Children of the element `type`, changed so that no text has a sibling. Children of components are left to them. */
export function keepTextApart(type: unknown, children: ReactNode): ReactNode {
  if (type !== Fragment && typeof type !== 'string') return children;
  if (!Array.isArray(children))
    return type === Fragment && isText(children) ? inElement('span', children, 0) : children;
  if (children.every((child) => isText(child) || isNothing(child)) && type !== Fragment)
    return children.filter((child) => !isNothing(child)).join('');
  if (typeof type === 'string' && TEXT_ONLY.includes(type)) return children;
  return apart(SVG_TEXT.includes(type as string) ? 'tspan' : 'span', children);
}

/** Texts in a row become one. Every other child keeps its place, so that React still knows which child is which. */
function apart(tag: 'span' | 'tspan', children: readonly ReactNode[]): ReactNode[] {
  const out: ReactNode[] = [...children];
  for (let i = 0; i < out.length; i++) {
    if (Array.isArray(out[i])) out[i] = apart(tag, out[i] as ReactNode[]);
    if (!isText(out[i])) continue;
    const start = i;
    let row = '';
    for (; i < out.length && (isText(out[i]) || isNothing(out[i])); i++) {
      if (isText(out[i])) row += String(out[i]);
      out[i] = null;
    }
    out[start] = inElement(tag, row, start);
    i--;
  }
  return out;
}
const inElement = (tag: 'span' | 'tspan', text: ReactNode, place: number): ReactNode =>
  createElement(tag, { key: `text ${place}` }, text);
