import type { CSSProperties, ReactNode } from 'react';

/** A box that scrolls, reachable by keyboard and known by name. */
export const ScrollRegion = ({ label, style, children }: { label: string; style?: CSSProperties; children: ReactNode }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever cannot use a mouse scrolls it with the arrow keys
  <section className="plain-table-holder" tabIndex={0} aria-label={label} style={style}>
    {children}
  </section>
);
