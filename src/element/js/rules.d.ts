import type { Api, Day, Invoice, Plan, Preview, Problem, Source, StoredMethod, Value } from './element.js';

/** What is owed, and the host's rules, named as the element's properties. */
export interface Terms {
  invoices: readonly Invoice[];
  currency?: string;
  /** How amounts are typed; `en` where it is not given. */
  locale?: string;
  orderDate?: 'due' | 'issued';
  allocation?: Plan;
  /** The most decimals that a share may have, where the API carries fewer than the currency has. */
  decimals?: string | number;
}

export interface Division extends Terms {
  /** As it is typed in the locale. */
  amount: string;
  /** The shares that are typed, by invoice id. */
  shares?: Record<string, string>;
}

export interface Draft extends Terms {
  value: Value;
  api?: Api;
  customerId?: string | number;
  source?: Source;
  methods?: string;
  paymentMethods?: readonly StoredMethod[];
  min?: string;
  max?: string;
  allocationWire?: 'explicit' | 'auto';
  /** Today, where it is not the clock's. */
  today?: Day;
}

/** Divides an amount over invoices; `null` when it cannot be read. Rejects where the invoices or the terms cannot be read. */
export function allocate(payment: Division): Promise<Preview | null>;

/** Checks a draft as the element would before sending it. Rejects where the lists or the terms cannot be read. */
export function check(payment: Draft): Promise<{ valid: boolean; problems: readonly Problem[]; preview: Preview | null }>;
