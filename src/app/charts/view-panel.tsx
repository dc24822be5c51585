// Any view of a lab, by its kind; the line chart's library loads apart.
import { lazy, Suspense } from 'react';
import type { ViewSpec } from '../../labs/_kit/contract/meta.ts';
import { ErrorBoundary } from '../parts/error-boundary.tsx';
import { BarsView } from './bars-view.tsx';
import { PayloadView } from './payload-view.tsx';
import { SweepView } from './sweep-view.tsx';

const LineView = lazy(() => import('./line-view.tsx').then((module) => ({ default: module.LineView })));

function View({ spec, height }: { spec: ViewSpec; height?: number }) {
  switch (spec.kind) {
    case 'line':
      return <LineView spec={spec} height={height} />;
    case 'bars':
      return <BarsView spec={spec} />;
    case 'sweep':
      return <SweepView spec={spec} />;
    default:
      return <PayloadView spec={spec} height={height} />;
  }
}

export const ViewPanel = ({ spec, height = 260 }: { spec: ViewSpec; height?: number }) => (
  <ErrorBoundary what={`The chart “${spec.title}”`}>
    <Suspense fallback={<div style={{ height: height + 90 }} />}>
      <View spec={spec} height={height} />
    </Suspense>
  </ErrorBoundary>
);
