import type { ReactNode } from 'react';

export type Tone = 'good' | 'watch' | 'bad' | 'info' | 'none';
/** A shape for each tone, so that nothing is said by colour alone. */
const SHAPE: Record<Tone, string> = { good: '●', watch: '▲', bad: '■', info: '◆', none: '○' };

export const Badge = ({ tone, children }: { tone: Tone; children: ReactNode }) => (
  <span className={`badge ${tone}`}>
    <span aria-hidden className="badge-shape">
      {SHAPE[tone]}
    </span>
    {children}
  </span>
);
