import { stepOf } from '../plans/templates/index.ts';
import { type MessageTemplate, textOf } from './message-template.ts';

/** A step of a follow-up plan the patient reads; the words are the plan template's own. */
const followUpStep: MessageTemplate = {
  edition: 'followup-step@1',
  kind: 'followup',
  async render(params, context) {
    const step = stepOf(textOf(params, 'plan'), textOf(params, 'step'));
    const department = params['department'] === undefined ? null : await context.department(textOf(params, 'department'));
    const from = {
      zh: `${context.hospital.zh}${department?.zh ?? ''}`,
      en: department === null ? context.hospital.en : `${department.en}, ${context.hospital.en}`,
    };
    return {
      title: { zh: '您的康复提醒', en: 'A reminder for your recovery' },
      body: { zh: `${step.message?.zh ?? ''}\n${from.zh}`, en: `${step.message?.en ?? ''}\n${from.en}` },
      link: null,
    };
  },
};

export const ENGAGE_TEMPLATES: readonly MessageTemplate[] = [followUpStep];
