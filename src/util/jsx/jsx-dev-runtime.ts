// The same as jsx-runtime.ts for the development server, whose elements know where they were written.
import * as react from 'react/jsx-dev-runtime';
import type { ElementType, ReactElement, ReactNode } from 'react';
import { keepTextApart } from './text-in-elements.ts';

export type { JSX } from 'react';
export { Fragment } from 'react/jsx-dev-runtime';

type Props = { children?: ReactNode };

export function jsxDEV(
  type: ElementType,
  props: Props,
  key: string | undefined,
  isStatic: boolean,
  source?: react.JSXSource,
  self?: unknown,
): ReactElement {
  const children = keepTextApart(type, props.children);
  const changed = children === props.children ? props : { ...props, children };
  return react.jsxDEV(type, changed, key, isStatic && Array.isArray(children), source, self);
}
