import { Button, Tooltip } from 'antd';
import type { ReactNode } from 'react';

interface ActProps {
  readonly label: string;
  /** Why it is not possible now; undefined: it is. */
  readonly why: string | undefined;
  readonly kind?: 'plain' | 'primary' | 'danger';
  readonly icon?: ReactNode;
  readonly isBusy?: boolean;
  readonly onAct?: () => void;
}

/** A button that stays in reach when it cannot be pressed, and says why to the eye and to the screen reader. */
export function Act({ label, why, kind = 'plain', icon, isBusy = false, onAct }: ActProps) {
  const button = (
    <Button
      type={kind === 'primary' ? 'primary' : 'default'}
      danger={kind === 'danger'}
      icon={icon}
      loading={isBusy}
      aria-disabled={why !== undefined}
      aria-label={why === undefined ? undefined : `${label} – ${why}`}
      className={why === undefined ? '' : 'unavailable'}
      {...(onAct === undefined ? {} : { onClick: () => why === undefined && onAct() })}
    >
      {label}
    </Button>
  );
  return why === undefined ? button : <Tooltip title={why}>{button}</Tooltip>;
}
