import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SourceTrustList } from '@xinglin/contracts/api.ts';
import { identityApi } from '@xinglin/web-shared/api/identity.ts';
import { App, Button, InputNumber } from 'antd';
import { useState } from 'react';
import { useWords } from '../../i18n.ts';
import { Blocks, Loaded, useSentence } from '../../ui/States.tsx';
import { useSourceName } from '../../ui/use-source-name.ts';

/** How far each source is believed when sources disagree. */
export function TrustForm() {
  const { t } = useWords();
  const trust = useQuery({ queryKey: ['identity', 'trust'], queryFn: ({ signal }) => identityApi.trust(signal) });
  return (
    <section className="card todo">
      <h2 className="section-title">{t('desk.person.trust')}</h2>
      <p className="note">{t('desk.person.trustNote')}</p>
      <Loaded query={trust} skeleton={<Blocks heights={[120]} />}>
        {(loaded) => <Fields rows={loaded.rows} />}
      </Loaded>
    </section>
  );
}

function Fields({ rows }: { rows: SourceTrustList['rows'] }) {
  const { t } = useWords();
  const sourceName = useSourceName();
  const say = useSentence();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [changed, setChanged] = useState<ReadonlyMap<string, number>>(new Map());
  const save = useMutation({
    mutationFn: () => identityApi.setTrust([...changed].map(([source, trust]) => ({ source, trust }))),
    onSuccess: async () => {
      setChanged(new Map());
      void message.success(t('state.saved'));
      await queries.invalidateQueries({ queryKey: ['identity'] });
    },
  });
  return (
    <>
      <dl className="scores trust">
        {rows.map(({ source, trust }) => (
          <div key={source} style={{ display: 'contents' }}>
            <dt>{sourceName(source)}</dt>
            <dd>
              <InputNumber
                size="small"
                min={0}
                max={100}
                precision={0}
                aria-label={`${t('desk.person.trust')} ${sourceName(source)}`}
                value={changed.get(source) ?? trust}
                onChange={(value) => value !== null && setChanged(new Map(changed).set(source, value))}
              />
            </dd>
          </div>
        ))}
      </dl>
      {save.error !== null && (
        <p className="line-notice bad" role="alert">
          {say(save.error)}
        </p>
      )}
      <Button size="small" disabled={changed.size === 0} loading={save.isPending} onClick={() => save.mutate()}>
        {t('desk.person.trustSave')}
      </Button>
    </>
  );
}
