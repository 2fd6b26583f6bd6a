import type { Session } from '@xinglin/contracts/api.ts';
import type { Permission } from '@xinglin/contracts/viewer.ts';
import { createContext, type ReactNode, useContext } from 'react';

const SessionContext = createContext<Session | null>(null);

export const SessionProvider = ({ session, children }: { session: Session; children: ReactNode }) => (
  <SessionContext value={session}>{children}</SessionContext>
);

/** The person signed in. Pages are only drawn for one. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('a page was drawn outside the signed-in part');
  return session;
}

/** The same table the server applies; the server decides, this explains. */
export function useMay(): (permission: Permission) => boolean {
  const { permissions } = useSession();
  return (permission) => permissions.includes(permission);
}
