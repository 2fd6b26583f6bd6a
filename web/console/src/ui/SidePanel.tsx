import { CloseOutlined } from '@ant-design/icons';
import { Button, Drawer } from 'antd';
import { type ReactNode, useEffect, useRef } from 'react';
import { useWords } from '../i18n.ts';

const WIDTH = 520;

export interface SidePanelProps {
  readonly title: ReactNode;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly extra?: ReactNode;
  readonly width?: number;
  readonly children: ReactNode;
}

/** Opens beside the list, which stays in use. Esc closes it and the row it came from gets the focus back. */
export function SidePanel({ title, isOpen, onClose, extra, width = WIDTH, children }: SidePanelProps) {
  const { t } = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef<Element | null>(null);
  useEffect(() => {
    if (!isOpen) return;
    before.current = document.activeElement;
    const timer = setTimeout(() => heading.current?.focus({ preventScroll: true }), 60);
    return () => {
      clearTimeout(timer);
      if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus({ preventScroll: true });
    };
  }, [isOpen]);
  return (
    <Drawer
      open={isOpen}
      onClose={onClose}
      mask={false}
      keyboard
      focusable={{ trap: false }}
      destroyOnHidden
      size={`min(${width}px, 100vw)`}
      closable={false}
      rootClassName="side-panel"
      aria-label={typeof title === 'string' ? title : undefined}
      title={
        <h2 ref={heading} tabIndex={-1} className="panel-title">
          {title}
        </h2>
      }
      extra={
        <span className="panel-extra">
          {extra}
          <Button type="text" icon={<CloseOutlined aria-hidden />} aria-label={t('state.close')} onClick={onClose} />
        </span>
      }
    >
      {children}
    </Drawer>
  );
}
