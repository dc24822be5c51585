// What the compiler turns JSX into: React's own elements, with texts kept apart (text-in-elements.ts).
import * as react from 'react/jsx-runtime';
import type { ElementType, ReactElement, ReactNode } from 'react';
import { keepTextApart } from './text-in-elements.ts';

export type { JSX } from 'react';
export { Fragment } from 'react/jsx-runtime';

type Props = { children?: ReactNode };
type Make = (type: ElementType, props: Props, key?: string) => ReactElement;

export const jsx: Make = (type, props, key) => make(react.jsx, type, props, key);
export const jsxs: Make = (type, props, key) => make(react.jsxs, type, props, key);

function make(of: typeof react.jsx, type: ElementType, props: Props, key: string | undefined): ReactElement {
  if (props.children === undefined) return of(type, props, key);
  const children = keepTextApart(type, props.children);
  const how = of === react.jsxs && !Array.isArray(children) ? react.jsx : of;
  return how(type, children === props.children ? props : { ...props, children }, key);
}
