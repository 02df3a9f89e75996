import type { Api, Day, Invoice, Plan, Preview, Problem, Source, StoredMethod, Text, Value } from './element.js';

/** The lists and the host's rules, under the names of the element's properties. */
export interface Terms {
  invoices: readonly Invoice[];
  currency?: string | undefined;
  /** The notation of typed amounts; `en` by default. */
  locale?: string | undefined;
  orderDate?: 'due' | 'issued' | undefined;
  allocation?: Plan | undefined;
  /** The most decimals that a share may have, where the API carries fewer than the currency has. */
  decimals?: string | number | undefined;
}

export interface Division extends Terms {
  /** As it is typed in the locale. */
  amount: string;
  /** The shares that are typed, by invoice id. */
  shares?: Record<string, string> | undefined;
}

export interface Draft extends Terms {
  value: Value;
  api?: Api | undefined;
  customerId?: string | number | undefined;
  source?: Source | undefined;
  methods?: string | undefined;
  paymentMethods?: readonly StoredMethod[] | undefined;
  min?: Text | undefined;
  max?: Text | undefined;
  allocationWire?: 'explicit' | 'auto' | undefined;
  /** Today, where it is not the clock's. */
  today?: Day | undefined;
}

/** Divides an amount over invoices; `null` when it cannot be read. Rejects where the invoices or the terms cannot be read. */
export function allocate(payment: Division): Promise<Preview | null>;

/** Checks a draft as the element would before sending it. Rejects where the lists or the terms cannot be read. */
export function check(payment: Draft): Promise<{ valid: boolean; problems: readonly Problem[]; preview: Preview | null }>;
