import { Modal } from '@mantine/core';
import { Keys } from '@/parts/Keys';
import { type TextKey, t } from '@/text/t';
import css from './Help.module.css';

const groups: [TextKey, [string, TextKey][]][] = [
  ['keys.anywhere', [
    ['mod+k', 'keys.palette'], ['?', 'keys.help'], ['g d', 'keys.coverage'], ['g q', 'keys.queue'],
    ['g c', 'keys.cases'], ['g e', 'keys.entitlements'], ['g a', 'keys.accounts'], ['g k', 'keys.contracts'], ['g r', 'keys.renewals'], ['g p', 'keys.reports'], ['mod+enter', 'keys.save'],
    ['Esc', 'keys.close'],
  ]],
  ['keys.in_lists', [
    ['j', 'keys.next'], ['k', 'keys.previous'], ['enter', 'keys.peek'], ['o', 'keys.open'], ['x', 'keys.select'],
    ['/', 'keys.search'], ['n', 'keys.new'],
  ]],
  ['keys.in_records', [['e', 'keys.edit'], ['c', 'keys.comment'], ['r', 'keys.resolve'], ['a', 'keys.operations']]],
];

export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={t('keys.title')} size={640}
      closeButtonProps={{ 'aria-label': t('common.close') }}>
      <div className={css.groups}>
        {groups.map(([title, keys]) => (
          <section key={title} aria-label={t(title)}>
            <h3>{t(title)}</h3>
            <dl className={css.keys}>
              {keys.map(([key, text]) => (
                <div key={key}>
                  <dt>{t(text)}</dt>
                  <dd><Keys of={key} /><span className="visually-hidden">{key}</span></dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
