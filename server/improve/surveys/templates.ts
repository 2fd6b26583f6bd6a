import { type MessageTemplate, textOf } from '../../engage/index.ts';

const SECOND_MS = 1000;
const expiryOf = (params: Parameters<MessageTemplate['render']>[0]): Date => new Date(Number(params['expires'] ?? 0) * SECOND_MS);

/** A link is for one survey and works for a while: the token names the invitation and nothing else. */
const surveyInvitation: MessageTemplate = {
  edition: 'survey-invitation@1',
  kind: 'survey',
  async render(params, context) {
    const department = params['department'] === undefined ? null : await context.department(textOf(params, 'department'));
    return {
      title: { zh: '请您评价这次就医', en: 'How was your visit?' },
      body: {
        zh: `您前不久在${context.hospital.zh}${department?.zh ?? ''}看过病。请用一分钟回答五个问题，说说您的感受。您的回答会帮助我们改进；有不满意的地方，我们会给您回电话。`,
        en: `You were at ${department === null ? '' : `${department.en}, `}${context.hospital.en} a short while ago. Please take a minute for five questions. Your answers help us do better, and where something went badly we will call you.`,
      },
      link: context.link('s', 'survey', textOf(params, 'invitation'), expiryOf(params)),
    };
  },
};

const reratingInvitation: MessageTemplate = {
  edition: 'rerating-invitation@1',
  kind: 'survey',
  async render(params, context) {
    return {
      title: { zh: '您反映的问题处理得怎么样？', en: 'Was it put right?' },
      body: {
        zh: '您前几天反映的问题我们已经处理并给您回复。处理得好不好，请您再评一次，只有一个问题。',
        en: 'We have dealt with what you told us and have answered you. Please tell us whether it was put right; it is one question.',
      },
      link: context.link('s', 'survey', textOf(params, 'invitation'), expiryOf(params)),
    };
  },
};

/** The middle is what a colleague wrote to this patient; it is never translated. */
const caseClosed: MessageTemplate = {
  edition: 'case-closed@1',
  kind: 'case',
  async render(params, context) {
    const department = params['department'] === undefined ? null : await context.department(textOf(params, 'department'));
    const words = await context.words();
    return {
      title: { zh: '您反映的问题有结果了', en: 'An answer to what you told us' },
      body: {
        zh: `${words}\n谢谢您告诉我们。${context.hospital.zh}${department?.zh ?? ''}`,
        en: `${words}\nThank you for telling us. ${department === null ? '' : `${department.en}, `}${context.hospital.en}`,
      },
      link: null,
    };
  },
};

export const IMPROVE_TEMPLATES: readonly MessageTemplate[] = [surveyInvitation, reratingInvitation, caseClosed];
