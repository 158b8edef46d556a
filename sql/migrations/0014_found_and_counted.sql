-- What an order had is found after it was given back, too.

create index coupon_reservation_of_any_order
    on coupon_reservation (website, order_id, id) where order_id is not null;

-- The codes that were tried in the window, as keyed hashes, by whoever tries them:
-- the same code again is no other try.
alter table coupon_try add column codes text[] not null default '{}';

-- How many customers joined a segment at a moment and are in it still, in parts that
-- are to be added up: one for every statement that put customers into segments or took
-- them out, until they are put together. Whoever writes waits for nobody else who does,
-- and the sum is always what the customers say.
create table segment_size (
  website    text not null,
  segment_id bigint not null,
  joined_at  timestamptz not null,
  customers  bigint not null
);

create index segment_size_of_segment on segment_size (website, segment_id);

create function count_matched_customers() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into segment_size (website, segment_id, joined_at, customers)
    select website, id, at, count(*)
      from (select website, unnest(segment_ids) as id, unnest(joined_at) as at
              from added) a
     group by website, id, at;
  elsif tg_op = 'DELETE' then
    insert into segment_size (website, segment_id, joined_at, customers)
    select website, id, at, -count(*)
      from (select website, unnest(segment_ids) as id, unnest(joined_at) as at
              from removed) r
     group by website, id, at;
  else
    insert into segment_size (website, segment_id, joined_at, customers)
    select website, id, at, sum(n)
      from (select website, unnest(segment_ids) as id, unnest(joined_at) as at, 1 as n
              from added
             union all
            select website, unnest(segment_ids), unnest(joined_at), -1
              from removed) c
     group by website, id, at
    having sum(n) <> 0;
  end if;
  return null;
end $$;

create trigger matched_customer_is_added after insert on matched_customer
referencing new table as added
for each statement execute function count_matched_customers();

create trigger matched_customer_is_changed after update on matched_customer
referencing old table as removed new table as added
for each statement execute function count_matched_customers();

create trigger matched_customer_is_removed after delete on matched_customer
referencing old table as removed
for each statement execute function count_matched_customers();

-- The triggers keep writers out until all of this is there.
insert into segment_size (website, segment_id, joined_at, customers)
select website, id, at, count(*)
  from (select website, unnest(segment_ids) as id, unnest(joined_at) as at
          from matched_customer) m
 group by website, id, at;

-- The form in which coupon codes are compared, the same as `fold` of
-- gateway/personalize/coupons.py makes, whatever the database's locale: NFKC, letters
-- small one by one as Unicode 3.2 has them, ss for sharp s, and i without an extra dot.
create function coupon_fold(code text) returns text
language sql immutable strict parallel safe as $$
  select case
         when octet_length(code) = char_length(code)
         then lower(btrim(code, E' \t\r\n') collate "C")
         else btrim(normalize(replace(replace(replace(lower(translate(
                normalize(code, NFKC),
    'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞĀĂĄĆĈĊČĎĐĒ'
    'ĔĖĘĚĜĞĠĢĤĦĨĪĬĮĴĶĹĻĽŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪ'
    'ŬŮŰŲŴŶŸŹŻŽƁƂƄƆƇƉƊƋƎƏƐƑƓƔƖƗƘƜƝƟƠƢƤƦƧƩƬƮƯƱ'
    'ƲƳƵƷƸƼǍǏǑǓǕǗǙǛǞǠǢǤǦǨǪǬǮǴǶǷǸǺǼǾȀȂȄȆȈȊȌȎȐȒ'
    'ȔȖȘȚȜȞȠȢȤȦȨȪȬȮȰȲͅΆΈΉΊΌΎΏΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠ'
    'ΡΣΤΥΦΧΨΩΪΫςϘϚϜϞϠϢϤϦϨϪϬϮЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏА'
    'БВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯѠѢѤѦѨѪѬѮѰ'
    'ѲѴѶѸѺѼѾҀҊҌҎҐҒҔҖҘҚҜҞҠҢҤҦҨҪҬҮҰҲҴҶҸҺҼҾӀӁӃӅӇ'
    'ӉӋӍӐӒӔӖӘӚӜӞӠӢӤӦӨӪӬӮӰӲӴӸԀԂԄԆԈԊԌԎԱԲԳԴԵԶԷԸԹ'
    'ԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖႠႡႢႣႤႥႦႧႨႩႪ'
    'ႫႬႭႮႯႰႱႲႳႴႵႶႷႸႹႺႻႼႽႾႿჀჁჂჃჄჅḀḂḄḆḈḊḌḎḐḒḔḖḘ'
    'ḚḜḞḠḢḤḦḨḪḬḮḰḲḴḶḸḺḼḾṀṂṄṆṈṊṌṎṐṒṔṖṘṚṜṞṠṢṤṦṨ'
    'ṪṬṮṰṲṴṶṸṺṼṾẀẂẄẆẈẊẌẎẐẒẔẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂ'
    'ỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸἈἉἊἋἌἍἎἏἘἙἚἛἜ'
    'ἝἨἩἪἫἬἭἮἯἸἹἺἻἼἽἾἿὈὉὊὋὌὍὙὛὝὟὨὩὪὫὬὭὮὯᾸᾹᾺῈῊ'
    'ῘῙῚῨῩῪῬῸῺℲↃ𐐀𐐁𐐂𐐃𐐄𐐅𐐆𐐇𐐈𐐉𐐊𐐋𐐌𐐍𐐎𐐏𐐐𐐑𐐒𐐓𐐔𐐕𐐖𐐗𐐘𐐙𐐚𐐛𐐜'
    '𐐝𐐞𐐟𐐠𐐡𐐢𐐣𐐤𐐥İ',
    'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþāăąćĉċčďđē'
    'ĕėęěĝğġģĥħĩīĭįĵķĺļľłńņňŋōŏőœŕŗřśŝşšţťŧũū'
    'ŭůűųŵŷÿźżžɓƃƅɔƈɖɗƌǝəɛƒɠɣɩɨƙɯɲɵơƣƥʀƨʃƭʈưʊ'
    'ʋƴƶʒƹƽǎǐǒǔǖǘǚǜǟǡǣǥǧǩǫǭǯǵƕƿǹǻǽǿȁȃȅȇȉȋȍȏȑȓ'
    'ȕȗșțȝȟƞȣȥȧȩȫȭȯȱȳιάέήίόύώαβγδεζηθικλμνξοπ'
    'ρστυφχψωϊϋσϙϛϝϟϡϣϥϧϩϫϭϯѐёђѓєѕіїјљњћќѝўџа'
    'бвгдежзийклмнопрстуфхцчшщъыьэюяѡѣѥѧѩѫѭѯѱ'
    'ѳѵѷѹѻѽѿҁҋҍҏґғҕҗҙқҝҟҡңҥҧҩҫҭүұҳҵҷҹһҽҿӏӂӄӆӈ'
    'ӊӌӎӑӓӕӗәӛӝӟӡӣӥӧөӫӭӯӱӳӵӹԁԃԅԇԉԋԍԏաբգդեզէըթ'
    'ժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆⴀⴁⴂⴃⴄⴅⴆⴇⴈⴉⴊ'
    'ⴋⴌⴍⴎⴏⴐⴑⴒⴓⴔⴕⴖⴗⴘⴙⴚⴛⴜⴝⴞⴟⴠⴡⴢⴣⴤⴥḁḃḅḇḉḋḍḏḑḓḕḗḙ'
    'ḛḝḟḡḣḥḧḩḫḭḯḱḳḵḷḹḻḽḿṁṃṅṇṉṋṍṏṑṓṕṗṙṛṝṟṡṣṥṧṩ'
    'ṫṭṯṱṳṵṷṹṻṽṿẁẃẅẇẉẋẍẏẑẓẕạảấầẩẫậắằẳẵặẹẻẽếềể'
    'ễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹἀἁἂἃἄἅἆἇἐἑἒἓἔ'
    'ἕἠἡἢἣἤἥἦἧἰἱἲἳἴἵἶἷὀὁὂὃὄὅὑὓὕὗὠὡὢὣὤὥὦὧᾰᾱὰὲὴ'
    'ῐῑὶῠῡὺῥὸὼⅎↄ𐐨𐐩𐐪𐐫𐐬𐐭𐐮𐐯𐐰𐐱𐐲𐐳𐐴𐐵𐐶𐐷𐐸𐐹𐐺𐐻𐐼𐐽𐐾𐐿𐑀𐑁𐑂𐑃𐑄'
    '𐑅𐑆𐑇𐑈𐑉𐑊𐑋𐑌𐑍i') collate "C"),
                'ß', 'ss'), 'ẞ', 'ss'), U&'i\0307', 'i'), NFKC), E' \t\r\n')
         end
$$;

drop index cart_price_rule_of_coupon_code;

create unique index cart_price_rule_of_coupon_code
    on cart_price_rule (coupon_fold(coupon_code)) where coupon_code <> '';

-- The codes, folded, that a rule has: as its specific code, or as one of those that
-- were generated for it, which are ASCII.
create or replace function coupon_owners(codes text[])
returns table (code text, rule_id bigint) language sql stable as $$
  select a.code, r.id
    from (select distinct coupon_fold(c) as code from unnest($1) c) a
    join cart_price_rule r
      on r.coupon_code <> '' and coupon_fold(r.coupon_code) = a.code
   where a.code <> ''
   union all
  select a.code, r.id
    from (select distinct coupon_fold(c) as code from unnest($1) c) a
    join coupon g on lower(g.code) = a.code
    join cart_price_rule r on r.id = g.rule_id and r.generated_coupons
$$;

update coupon_redemption
   set folded = coupon_fold(folded)
 where octet_length(folded) <> char_length(folded);

update coupon_counter
   set scope = 'code:' || coupon_fold(substr(scope, 6))
 where scope like 'code:%' and octet_length(scope) <> char_length(scope);
