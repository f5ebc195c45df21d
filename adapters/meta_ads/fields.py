"""Fields: what gebot asks of each kind of object."""

ACCOUNT = "id,name,currency,timezone_name,account_status"
MINIMUM_BUDGETS = "currency,min_daily_budget_imp"
CAMPAIGN = (
    "id,name,objective,status,effective_status,buying_type,bid_strategy,daily_budget,lifetime_budget,"
    "is_adset_budget_sharing_enabled,is_budget_schedule_enabled,start_time,stop_time,adlabels"
)
AD_SET = (
    "id,campaign_id,name,status,effective_status,optimization_goal,bid_strategy,bid_amount,"
    "bid_constraints,daily_budget,lifetime_budget,is_budget_schedule_enabled,learning_stage_info,"
    "start_time,end_time,adlabels"
)
ACTIVITY = "event_time,event_type,object_id,actor_id,actor_name,application_id,application_name,extra_data"
REPORT_RUN = "async_status,async_percent_completion,error_code,error_subcode,error_message"
INSIGHTS = "spend,impressions,inline_link_clicks,actions,action_values"
HOUR = "hourly_stats_aggregated_by_advertiser_time_zone"
