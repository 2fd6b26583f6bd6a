import type { Purpose } from '@xinglin/contracts';
import type { Bilingual } from '@xinglin/contracts/api.ts';

/** The wording a patient agrees to. A change of purpose or wording is a new edition, and asks again. */
export const CONSENT_TEXTS_EDITION = 'patient-consents@1';

export interface ConsentText {
  readonly purpose: Purpose;
  readonly name: Bilingual;
  readonly explanation: Bilingual;
}

/** One tick per purpose, never ticked beforehand (PIPL 28–30); care itself rests on the contract and is not asked for. */
export const CONSENT_TEXTS: readonly ConsentText[] = [
  {
    purpose: 'followup',
    name: { zh: '出院随访', en: 'Follow-up after discharge' },
    explanation: {
      zh: '出院后由护士打电话或发消息，了解您的恢复情况。不同意不影响看病。',
      en: 'After you go home a nurse may call or write to ask how you are. Your care does not depend on it.',
    },
  },
  {
    purpose: 'satisfaction',
    name: { zh: '就医感受调查', en: 'Questions about your visit' },
    explanation: {
      zh: '看完病后请您回答几个问题，用来改进服务；分数低时会有人给您回电话。不同意不影响看病。',
      en: 'After a visit we ask a few questions to do better; when something went badly, somebody calls you back. Your care does not depend on it.',
    },
  },
  {
    purpose: 'health-education',
    name: { zh: '健康知识', en: 'Health advice' },
    explanation: { zh: '按您的情况发送经过审核的健康知识。', en: 'Reviewed health advice that fits your situation.' },
  },
  {
    purpose: 'marketing',
    name: { zh: '医院活动和服务介绍', en: 'News of services and events' },
    explanation: { zh: '义诊、讲座、体检等消息。可随时关闭。', en: 'Free clinics, lectures, check-ups. Switch it off at any time.' },
  },
  {
    purpose: 'research-deidentified',
    name: { zh: '去标识化的研究', en: 'Research without your identity' },
    explanation: {
      zh: '去掉姓名、证件号、电话后的数据用于医学研究。',
      en: 'Data without name, numbers or phone may be used for medical research.',
    },
  },
  {
    purpose: 'device-data',
    name: { zh: '健康设备数据', en: 'Data from your devices' },
    explanation: { zh: '接收您的血压计、血糖仪等设备的读数。', en: 'Readings of your blood-pressure meter, glucose meter and the like.' },
  },
  {
    purpose: 'family-access',
    name: { zh: '家属查看', en: 'Access for your family' },
    explanation: { zh: '您指定的家属可以查看您的计划和消息。', en: 'Family members you name may see your plans and messages.' },
  },
];
