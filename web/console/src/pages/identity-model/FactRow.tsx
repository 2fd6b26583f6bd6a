import type { ReactNode } from 'react';

/** One line of a list of facts. */
export const FactRow = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);
