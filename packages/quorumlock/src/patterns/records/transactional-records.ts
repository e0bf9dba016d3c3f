import type { OpenOptions, RecordStore, StoredRecord } from "./record-store.ts";
import type { SqlClient } from "./sql-client.ts";

/** What a transaction returns: its value, and the record that is written together with its effects. */
export interface TransactionResult<T> {
  /** What `transact` resolves to. */
  readonly value: T;
  /** It replaces the record `from`: of the same holder, with a larger version. */
  readonly record: StoredRecord;
}

/** A store of records that can write a record together with other changes of its database. */
export interface TransactionalRecords extends RecordStore {
  /** Whether `transact` can be used. */
  readonly hasTransactions: boolean;
  /**
   * Runs `work` in a transaction of the database, and writes the record that it returns in the same transaction. It is committed only
   * if the record is still `from`, which this holder has put, and if no later holder has opened it. Otherwise everything is rolled back.
   *
   * @param from the record that must be there.
   * @throws the error of `work`, after a rollback. LockLostError if a later holder has opened the record, after a rollback.
   * @throws RecordStoreError if the database fails. If that was during the commit, nobody knows whether it was committed.
   */
  transact<T>(
    id: string,
    from: StoredRecord,
    options: OpenOptions,
    work: (tx: SqlClient) => Promise<TransactionResult<T>>,
  ): Promise<T>;
}

/** Whether a store can write a record together with the effects of a routine. */
export function hasTransactions(store: object): store is TransactionalRecords {
  return (store as Partial<TransactionalRecords>).hasTransactions === true;
}
