import 'i18next';
import type { patient, staff } from './zh-CN.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'staff';
    resources: { staff: typeof staff; patient: typeof patient };
  }
}
