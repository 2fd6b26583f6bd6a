import { lazy, Suspense } from 'react';
import type { CanvasProps } from './Canvas.tsx';

const Canvas = lazy(() => import('./Canvas.tsx'));

/** Keeps its height while the drawing code loads, so that nothing below moves; taller when its card has room. */
export const Chart = ({ height, label, ...canvas }: CanvasProps & { height: number; label: string }) => (
  <div role="img" aria-label={label} className="chart" style={{ minHeight: height }}>
    <Suspense fallback={<div className="shimmer" style={{ height }} />}>
      <Canvas {...canvas} />
    </Suspense>
  </div>
);
