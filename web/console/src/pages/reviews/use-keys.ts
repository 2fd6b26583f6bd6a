import { useEffect, useRef } from 'react';

/** Single letters as commands while nothing is being typed and no panel lies above; can be turned off (WCAG 2.1.4). */
export function useKeys(isOn: boolean, commands: Readonly<Record<string, () => void>>): void {
  const latest = useRef(commands);
  latest.current = commands;
  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const target = event.target;
      if (target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], [role="combobox"], .ant-drawer') !== null) return;
      const command = latest.current[event.key.toLowerCase()];
      if (command === undefined) return;
      event.preventDefault();
      command();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [isOn]);
}
