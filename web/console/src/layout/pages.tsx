import {
  AuditOutlined,
  BarChartOutlined,
  CommentOutlined,
  DashboardOutlined,
  DatabaseOutlined,
  ExperimentOutlined,
  PhoneOutlined,
  SafetyCertificateOutlined,
  TeamOutlined,
  UserSwitchOutlined,
} from '@ant-design/icons';
import type { Permission } from '@xinglin/contracts/viewer.ts';
import { type ComponentType, lazy, type ReactNode } from 'react';
import { paths } from '../paths.ts';

export type PageName = 'overview' | 'metrics' | 'patients' | 'followUps' | 'cases' | 'reviews' | 'identityModel' | 'sources' | 'audit' | 'accounts';
/** Pages of one concern stand under its heading. */
export type PageGroup = 'identity';

/** Every entry of the navigation, in its order, with the right that opens it. Entries of a group stand together. */
export const PAGES: readonly { name: PageName; path: string; permission: Permission; icon: ReactNode; group?: PageGroup }[] = [
  { name: 'overview', path: paths.overview(), permission: 'overview.read', icon: <DashboardOutlined aria-hidden /> },
  { name: 'metrics', path: paths.metrics(), permission: 'metric.read', icon: <BarChartOutlined aria-hidden /> },
  { name: 'patients', path: paths.patients(), permission: 'patient.list', icon: <TeamOutlined aria-hidden /> },
  { name: 'followUps', path: paths.followUps(), permission: 'followup.read', icon: <PhoneOutlined aria-hidden /> },
  { name: 'cases', path: paths.cases(), permission: 'case.read', icon: <CommentOutlined aria-hidden /> },
  { name: 'reviews', path: paths.reviews(), permission: 'identity.review', icon: <UserSwitchOutlined aria-hidden />, group: 'identity' },
  { name: 'identityModel', path: paths.identityModel(), permission: 'model.read', icon: <ExperimentOutlined aria-hidden />, group: 'identity' },
  { name: 'sources', path: paths.sources(), permission: 'source.read', icon: <DatabaseOutlined aria-hidden /> },
  { name: 'audit', path: paths.audit(), permission: 'audit.read', icon: <AuditOutlined aria-hidden /> },
  { name: 'accounts', path: paths.accounts(), permission: 'user.write', icon: <SafetyCertificateOutlined aria-hidden /> },
];

/** Where each address leads and the right it needs. Pages load when first opened. */
export const ROUTES: readonly { path: string; permission: Permission; page: ComponentType }[] = [
  { path: '/', permission: 'overview.read', page: lazy(() => import('../pages/OverviewPage.tsx')) },
  { path: '/indicators', permission: 'metric.read', page: lazy(() => import('../pages/MetricsPage.tsx')) },
  { path: '/indicators/:metric', permission: 'metric.read', page: lazy(() => import('../pages/MetricPage.tsx')) },
  { path: '/patients', permission: 'patient.list', page: lazy(() => import('../pages/PatientsPage.tsx')) },
  { path: '/patients/:personId', permission: 'patient.read', page: lazy(() => import('../pages/PatientPage.tsx')) },
  { path: '/patients/:personId/identity', permission: 'identity.read', page: lazy(() => import('../pages/PersonIdentityPage.tsx')) },
  { path: '/follow-ups', permission: 'followup.read', page: lazy(() => import('../pages/FollowUpsPage.tsx')) },
  { path: '/cases', permission: 'case.read', page: lazy(() => import('../pages/CasesPage.tsx')) },
  { path: '/identity/reviews', permission: 'identity.review', page: lazy(() => import('../pages/ReviewsPage.tsx')) },
  { path: '/identity/model', permission: 'model.read', page: lazy(() => import('../pages/IdentityModelPage.tsx')) },
  { path: '/sources', permission: 'source.read', page: lazy(() => import('../pages/SourcesPage.tsx')) },
  { path: '/audit', permission: 'audit.read', page: lazy(() => import('../pages/AuditPage.tsx')) },
  { path: '/accounts', permission: 'user.write', page: lazy(() => import('../pages/AccountsPage.tsx')) },
];
