import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FollowUpDetail, FollowUpOutcome } from '@xinglin/contracts/api.ts';
import { idempotencyKey } from '@xinglin/web-shared/api/http.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { pick } from '@xinglin/web-shared/language.ts';
import { App, Button, Form, Input, InputNumber, Radio } from 'antd';
import { useState } from 'react';
import { useWords } from '../../i18n.ts';
import { Badge } from '../../ui/Badge.tsx';
import { useSentence } from '../../ui/States.tsx';
import { isAbnormal, ruleOf } from './abnormal.ts';

/** Unanswered calls before a task counts as lost, made at different times of day. */
const ATTEMPTS_MAX = 3;
type Question = FollowUpDetail['questions'][number];
interface Fields {
  outcome?: FollowUpOutcome['outcome'];
  finding?: FollowUpOutcome['finding'];
  answers?: Record<string, string | number | undefined>;
  note?: string;
}

/** The questions are asked only when someone answered; the judgement is the nurse's. */
export function OutcomeForm({ detail }: { detail: FollowUpDetail }) {
  const { t } = useWords();
  const say = useSentence();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const outcome = Form.useWatch('outcome', form);
  const finding = Form.useWatch('finding', form);
  // One form, one action: pressing again after a lost answer records nothing twice.
  const [key] = useState(idempotencyKey);
  const save = useMutation({
    mutationFn: (fields: Fields) => staffApi.recordOutcome(detail.task.taskId, outcomeOf(fields, detail.questions), key),
    onSuccess: async () => {
      void message.success(t('followUps.savedNext'));
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['follow-ups'] }),
        queries.invalidateQueries({ queryKey: ['follow-up', detail.task.taskId] }),
        queries.invalidateQueries({ queryKey: ['overview'] }),
      ]);
    },
  });
  const left = ATTEMPTS_MAX - detail.task.attempts;
  return (
    <Form<Fields> form={form} layout="vertical" requiredMark={false} onFinish={(fields) => save.mutate(fields)} className="panel-section">
      <Form.Item name="outcome" label={t('followUps.outcome')} rules={[{ required: true, message: t('followUps.required') }]}>
        <Radio.Group
          optionType="button"
          options={[
            { value: 'done', label: t('followUps.outcomeDone') },
            { value: 'no-answer', label: t('followUps.outcomeNoAnswer') },
            { value: 'refused', label: t('followUps.outcomeRefused') },
          ]}
        />
      </Form.Item>
      {outcome === 'no-answer' && (
        <p className="line-notice watch">
          {left <= 1 ? t('followUps.attemptLast') : t('followUps.attemptHint', { count: left })} {t('followUps.attemptTimes')}
        </p>
      )}
      {outcome === 'done' && (
        <>
          {detail.questions.map((question) => (
            <QuestionField key={question.id} question={question} />
          ))}
          <Form.Item
            name="finding"
            label={t('followUps.finding')}
            rules={[{ required: true, message: t('followUps.findingRequired') }]}
            extra={finding === 'abnormal' ? t('followUps.abnormalHint') : undefined}
          >
            <Radio.Group
              optionType="button"
              options={[
                { value: 'normal', label: t('followUps.findingNormal') },
                { value: 'abnormal', label: t('followUps.findingAbnormal') },
                { value: 'none', label: t('followUps.findingNone') },
              ]}
            />
          </Form.Item>
        </>
      )}
      <Form.Item name="note" label={t('followUps.note')}>
        <Input.TextArea rows={2} maxLength={2000} placeholder={t('followUps.noteHint')} autoSize={{ minRows: 2, maxRows: 8 }} />
      </Form.Item>
      {save.error !== null && (
        <p className="line-notice bad" role="alert">
          {say(save.error)}
        </p>
      )}
      <div className="form-footer">
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('followUps.submit')}
        </Button>
      </div>
    </Form>
  );
}

function QuestionField({ question }: { question: Question }) {
  const { t, language } = useWords();
  const answer: unknown = Form.useWatch(['answers', question.id]);
  const rule = ruleOf(question);
  const hint =
    rule === null || rule.op === 'in'
      ? null
      : rule.op === 'is'
        ? t('followUps.abnormalIs', { answer: t(`followUps.${rule.value}`) })
        : t('followUps.abnormalAt', { rule: `${rule.op} ${rule.value} ${rule.unit}`.trim() });
  const alarm = isAbnormal(question, typeof answer === 'string' || typeof answer === 'number' ? answer : null);
  const field = {
    name: ['answers', question.id],
    label: pick(question.text, language),
    ...(alarm ? { extra: <Badge tone="bad">{t('followUps.abnormalNow')}</Badge> } : hint === null ? {} : { extra: hint }),
  };
  switch (question.kind) {
    case 'yes-no':
      return (
        <Form.Item {...field}>
          <Radio.Group
            options={[
              { value: 'yes', label: t('followUps.yes') },
              { value: 'no', label: t('followUps.no') },
            ]}
          />
        </Form.Item>
      );
    case 'number':
      return (
        <Form.Item {...field}>
          <InputNumber style={{ width: 140 }} inputMode="decimal" />
        </Form.Item>
      );
    case 'choice':
      return (
        <Form.Item {...field}>
          <Radio.Group options={question.choices.map((choice) => ({ value: choice.zh, label: pick(choice, language) }))} />
        </Form.Item>
      );
    case 'text':
      return (
        <Form.Item {...field}>
          <Input.TextArea maxLength={500} autoSize={{ minRows: 1, maxRows: 4 }} />
        </Form.Item>
      );
  }
}

function outcomeOf(fields: Fields, questions: readonly Question[]): FollowUpOutcome {
  const isDone = fields.outcome === 'done';
  const answers = isDone
    ? questions.flatMap((question) => {
        const value = fields.answers?.[question.id];
        return value === undefined || value === null || value === '' ? [] : [{ question: question.id, value: String(value) }];
      })
    : [];
  const note = fields.note?.trim() ?? '';
  return { outcome: fields.outcome ?? 'no-answer', finding: isDone ? (fields.finding ?? 'none') : 'none', answers, note: note === '' ? null : note };
}
