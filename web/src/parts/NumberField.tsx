import { TextInput, type TextInputProps } from '@mantine/core';

/* A whole number; null while there is none. */
export function NumberField({ value, onChange, min, ...more }: Omit<TextInputProps, 'value' | 'onChange' | 'type'> & {
  value: number | null;
  onChange: (value: number | null) => void;
  min?: number;
}) {
  return (
    <TextInput
      {...more}
      type="number"
      inputMode="numeric"
      step={1}
      min={min}
      value={value ?? ''}
      onChange={(event) => {
        const next = Number.parseInt(event.currentTarget.value, 10);
        onChange(Number.isNaN(next) ? null : next);
      }}
    />
  );
}
